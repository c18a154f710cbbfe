import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deploy } from '@berth/deploy';
import { askTasks, SwarmOrchestrator } from '@berth/orchestrators';
import {
  gatewayContract,
  type ContractServices,
  type ContractSetup,
} from '@berth/orchestrators/src/contract';
import { nodeImage } from '@berth/orchestrators/src/contract/testing-node-image';
import { swarmContractSetup } from '@berth/orchestrators/src/swarm/testing-contract';
import { TestSwarm } from '@berth/orchestrators/src/swarm/testing-swarm';
import { taskContainer } from '@berth/orchestrators/src/swarm/testing-tasks';
import { HttpRegistry } from '@berth/registry';
import type { ServedRoutes } from '@berth/routes';
import { TestAuthority } from '../testing-authority';
import { gatewayImage } from '../testing-gateway';
import { until } from '../testing-until';
import { deployGateway } from './testing-admin';

const limitMs = 180_000;
const registry = new HttpRegistry();
let swarm: TestSwarm;
let node: string;
let image: string;
/** On the node, for certificates. */
let folder: string;
/** What the swarm calls its own node, where ports of the nodes are. */
const nodeAddress = '192.0.2.1';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'berth-test-certificates-'));
  // The gateway's user is not the one who tests.
  chmodSync(folder, 0o755);
  [node, image] = await Promise.all([nodeImage(), gatewayImage()]);
  swarm = await TestSwarm.start();
  await deployAdmin();
}, 300_000);
afterAll(async () => {
  // What still has networks would keep the folder of its dockerd from being removed.
  if (swarm) await setup().target.destroy('admin');
  registry.close();
  await swarm?.stop();
  rmSync(folder, { recursive: true });
}, 120_000);

const deployAdmin = () =>
  deployGateway(setup().target, {
    docker: swarm.address,
    image,
    more: { nodeFolders: [{ folder, path: '/certificates' }] },
  });

const setup = (): ContractSetup & { gateway: string } => ({
  ...swarmContractSetup(swarm, node, registry),
  gateway: 'http://gateway.admin:8080',
});

gatewayContract('swarm', setup);

describe('the gateway on a Swarm', () => {
  const desk: ContractServices = { client: { behaviour: 'serves' } };
  const run = (environment: string, services: ContractServices) =>
    deploy(setup().target, {
      environment,
      render: () => setup().objects(environment, services),
      images: { resolve: async () => ({}), build: async () => ({}) },
      needs: {},
      author: 'gateway@test',
      timeoutMs: 60_000,
    });
  /** Asks the port of the node, as somebody outside does: the status, and what a service says of itself. */
  const askNode = async (host: string): Promise<{ status: number; self?: string }> => {
    const program = `require('node:http').get({ host: process.argv[1], port: 80, headers: { host: process.argv[2] }, timeout: 5000 }, (answer) => {
      let text = '';
      answer.on('data', (part) => (text += part)).on('end', () => {
        const self = answer.statusCode === 200 ? JSON.parse(text).self : undefined;
        console.log(JSON.stringify({ status: answer.statusCode, self }));
      });
    }).on('error', (error) => console.log(JSON.stringify({ status: 0, error: String(error) })))`;
    return JSON.parse(await swarm.run(['node', '-e', program, nodeAddress, host])) as { status: number };
  };
  const routes = async () => {
    const [row] = await askTasks<ServedRoutes>(swarm.client, 'admin', 'gateway', {
      port: 8083,
      path: '/routes',
    });
    if (!row || 'failure' in row) throw row?.failure ?? new Error('no task of the gateway runs');
    return row.answer;
  };

  it(
    'answers at port 80 of the node, says what it serves, and serves on with nobody to tell it of the Swarm',
    async () => {
      await run('outer', desk);
      const host = 'client-outer.localhost';
      await until(
        () => askNode(host),
        ({ status }) => status === 200,
        30_000,
      );
      expect(await askNode(host)).toEqual({ status: 200, self: 'outer/client' });
      expect((await askNode('nobody.localhost')).status).toBe(404);
      expect(await routes()).toMatchObject({
        listed: true,
        refused: [],
        routes: { [host]: { environment: 'outer', service: 'client', endpoints: [expect.any(String)] } },
      });
      const { ID } = await swarm.client.get<{ ID: string }>('/services/admin_gateway-api');
      await swarm.client.delete(`/services/${ID}`);
      await until(
        () =>
          swarm.client
            .get<object[]>('/tasks', { query: { filters: JSON.stringify({ service: [ID] }) } })
            .catch(() => []),
        (tasks) => tasks.length === 0,
        30_000,
      );
      expect(await askNode(host)).toEqual({ status: 200, self: 'outer/client' });
      // Berth makes what somebody has removed, and the gateway follows again.
      await deployAdmin();
      await run('outer', { ...desk, late: { behaviour: 'serves' } });
      await until(
        () => askNode('late-outer.localhost'),
        ({ status }) => status === 200,
        30_000,
      );
      await setup().target.destroy('outer');
      await until(
        () => askNode(host),
        ({ status }) => status === 404,
        30_000,
      );
    },
    limitMs,
  );

  it(
    'has no way to dockerd but its reader, which nobody else reaches',
    async () => {
      await run('stranger', desk);
      for (const name of ['gateway-api', 'gateway-api.admin', 'admin_gateway-api']) {
        const url = encodeURIComponent(`http://${name}:8080/state`);
        const answer = await setup().ask('stranger', 'client', `/ask?url=${url}`);
        expect([name, answer]).toEqual([name, { failure: expect.not.stringMatching(/^HTTP/) }]);
      }
      await setup().target.destroy('stranger');
    },
    limitMs,
  );

  it(
    'serves the certificates of a folder of its node, as they are renewed there, and is never started anew for it',
    async () => {
      const authority = await TestAuthority.make();
      const container = () => taskContainer(swarm.client, 'admin', 'gateway');
      const before = await container();
      const put = async (file: string, host: string): Promise<void> => {
        const { certificate, key } = await authority.issue([host]);
        writeFileSync(join(folder, 'new'), `${certificate}${key}`);
        renameSync(join(folder, 'new'), join(folder, file));
      };
      const served = async (host: string): Promise<string> => {
        const program = `const socket = require('node:tls').connect({ host: process.argv[1], port: 443, servername: process.argv[2], rejectUnauthorized: false, timeout: 5000 }, () => {
          console.log(socket.getPeerCertificate().subjectaltname);
          socket.end();
        }).on('error', (error) => console.log(error.message));`;
        return (await swarm.run(['node', '-e', program, nodeAddress, host])).trim();
      };
      const isServed = (host: string, name = host) =>
        until(
          () => served(host),
          (names) => names === `DNS:${name}`,
          20_000,
        );
      try {
        expect(await served('desk.example.com')).toBe('DNS:localhost, DNS:*.localhost');
        await put('desk.pem', 'desk.example.com');
        await isServed('desk.example.com');
        await put('shop.pem', 'shop.example.com');
        await isServed('shop.example.com');
        await put('desk.pem', 'desk2.example.com');
        await isServed('desk2.example.com');
        // Who names a host that none is for gets the first by name.
        await isServed('desk.example.com', 'desk2.example.com');
        rmSync(join(folder, 'desk.pem'));
        await isServed('desk2.example.com', 'shop.example.com');
        expect(await container()).toBe(before);
      } finally {
        authority.remove();
      }
    },
    limitMs,
  );

  it(
    'is a service of Berth like others: deployed again, nothing changes',
    async () => {
      const { changes } = await deployAdmin();
      expect(changes.filter(({ action }) => action !== 'same')).toEqual([]);
      const { services } = await (setup().target as SwarmOrchestrator).status('admin');
      expect(services.map(({ name, health }) => [name, health.state])).toEqual([
        ['gateway', 'healthy'],
        ['gateway-api', 'healthy'],
      ]);
    },
    limitMs,
  );
});
