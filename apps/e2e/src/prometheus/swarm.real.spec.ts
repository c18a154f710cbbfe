import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deploy } from '@berth/deploy';
import { until } from '@berth/exec/src/testing-until';
import { renderSwarmObjects, toYaml, type ManifestObject } from '@berth/manifests';
import { renderSwarmScrapeConfigs } from '@berth/metrics';
import { nodeImage } from '@berth/orchestrators/src/contract/testing-node-image';
import { adminObjects } from '@berth/orchestrators/src/swarm/testing-admin';
import { swarmContractSetup } from '@berth/orchestrators/src/swarm/testing-contract';
import { TestSwarm } from '@berth/orchestrators/src/swarm/testing-swarm';
import { askTask } from '@berth/orchestrators/src/swarm/testing-tasks';
import { HttpRegistry } from '@berth/registry';
import { adminImages } from '../admin-images';
import { workspace } from '../cluster';
import { environmentOf } from '../environment-of';
import { prometheusImage } from './image';

// The programs are built when this machine has not got them yet.
jest.setTimeout(900_000);

const registry = new HttpRegistry();
const orchestrator = 'swarm';
const configuration = '/etc/prometheus';
const read = (path: string) => JSON.parse(readFileSync(join(workspace, path), 'utf8')) as object;
let swarm: TestSwarm;
/** On the node, for Prometheus' configuration: a Swarm has no ConfigMaps. */
let folder: string;
let images: ReadonlyMap<string, string>;
let node: string;

/** On its root there is nothing but the program: no shell that could ask whether it is well. */
const prometheus = () => ({
  ports: [{ name: 'metrics', port: 9090 }],
  resources: { cpu: '10m', memory: '256Mi' },
  command: ['/prometheus', `--config.file=${configuration}/prometheus.yaml`, '--storage.tsdb.path=/data'],
  writable: ['/data'],
  nodeFolders: [{ folder, path: configuration }],
});
const admin = () => ({ gateway: read('apps/gateway/service.json'), prometheus: prometheus() });

const program = `
const http = require('node:http');
http.createServer((_, response) => response.end('{}')).listen(8080);
const text = { 'content-type': 'text/plain; version=0.0.4' };
http.createServer((_, response) => response.writeHead(200, text).end('berth_test_tasks 1\\n')).listen(9100);
`;
const counter = () => ({
  image: node,
  command: ['node', '-e', program],
  ports: [
    { name: 'http', port: 8080, public: true },
    { name: 'metrics', port: 9100 },
  ],
  health: { path: '/' },
  resources: { cpu: '5m', memory: '96Mi' },
  scale: { min: 2 },
});

const run = (environment: string, render: () => ManifestObject[]) =>
  deploy(swarmContractSetup(swarm, node, registry).target, {
    environment,
    render,
    images: { resolve: async () => ({}), build: async () => ({}) },
    needs: {},
    author: 'e2e@test',
    timeoutMs: 120_000,
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'berth-test-prometheus-'));
  // Prometheus has another user than who tests.
  chmodSync(folder, 0o755);
  const ofPrometheus = await prometheusImage();
  [images, node] = await Promise.all([adminImages(['gateway']), nodeImage()]);
  images = new Map([...images, ['prometheus', ofPrometheus]]);
  const home = environmentOf('admin', admin(), { orchestrator });
  const outer = environmentOf('outer', { counter: counter() }, { orchestrator });
  const absent = environmentOf('absent', { counter: counter() }, { orchestrator });
  const files = {
    'prometheus.yaml': {
      global: { scrape_interval: '1s' },
      scrape_config_files: ['scrape.yaml'],
    },
    'scrape.yaml': renderSwarmScrapeConfigs([home, outer, absent], home.environment),
  };
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), toYaml([content], name));
  swarm = await TestSwarm.start();
  await run('outer', () =>
    renderSwarmObjects(outer.environment, outer.services, { registry: 'localhost:5000/berth' }),
  );
  await run('admin', () => adminObjects({ docker: swarm.address, documents: admin(), images }));
});
afterAll(async () => {
  registry.close();
  await swarm?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Asks Prometheus by its name of the network of all environments. */
async function ask<Data>(path: string): Promise<Data> {
  const answer = await askTask(
    swarm.client,
    'outer',
    'counter',
    `http://prometheus.admin:9090/api/v1/${path}`,
  );
  return (answer as { data: Data }).data;
}

interface Targets {
  activeTargets: { health: string; lastError: string; scrapeUrl: string; labels: Record<string, string> }[];
}

it('finds each task of the gateway and of services on the network of all, and nothing of what is not deployed', async () => {
  const found = await until(
    async () =>
      (await ask<Targets>('targets?state=active')).activeTargets.map(
        ({ health, lastError, scrapeUrl, labels }) => {
          const { hostname, port } = new URL(scrapeUrl);
          const { job, environment, service, pod } = labels;
          return {
            name: `${job} ${environment} ${service} ${port}`,
            health,
            lastError,
            isNamed: pod === hostname,
          };
        },
      ),
    (targets) => targets.length >= 5 && targets.every(({ health }) => health === 'up'),
    90_000,
  );
  expect(found.map(({ name, isNamed }) => [name, isNamed]).sort()).toEqual([
    ['berth admin gateway 8082', true],
    ['berth admin gateway 8083', true],
    ['berth admin prometheus 9090', true],
    ['berth-services outer counter 9100', true],
    ['berth-services outer counter 9100', true],
  ]);
});

it('reads whose routes the gateway has in its own words, and who runs in those of DNS', async () => {
  const query = async (expression: string) => {
    const { result } = await ask<{ result: { metric: Record<string, string>; value: [number, string] }[] }>(
      `query?query=${encodeURIComponent(expression)}`,
    );
    return result.map(({ metric, value }) => [metric['environment'], metric['service'], value[1]]);
  };
  expect(await query('max by (environment, service) (berth_gateway_route_endpoints)')).toEqual([
    ['outer', 'counter', '2'],
  ]);
  expect(await query('sum by (environment, service) (berth_test_tasks)')).toEqual([
    ['outer', 'counter', '2'],
  ]);
});
