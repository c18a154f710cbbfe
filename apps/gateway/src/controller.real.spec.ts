import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeClient } from '@berth/kube';
import { startController, type Controller } from './controller';
import { kubernetesSource } from './kubernetes-source';
import { NginxClient } from './nginx-client';
import { ROUTED } from './refusal-conditions';
import { SnapshotFile } from './snapshot';
import { StandInNginx } from './testing-nginx';
import { testLog } from './testing-objects';
import { until } from './testing-until';

const WORKSPACE = join(__dirname, '../../..');
const client = KubeClient.from({
  kubeconfig: process.env['BERTH_TEST_KUBECONFIG'] ?? join(WORKSPACE, 'deploy/clusters/local/kubeconfig'),
  context: process.env['BERTH_TEST_CONTEXT'] ?? 'berth-local',
});
const namespace = `gateway-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
const nginx = new StandInNginx(join(folder, 'admin.sock'));
const admin = new NginxClient(nginx.socketPath);
const { log } = testLog();
let controller: Controller;

beforeAll(async () => {
  await nginx.listen();
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  controller = await startController({
    source: kubernetesSource(client, () => new Date()),
    nginx: admin,
    snapshot: new SnapshotFile(join(folder, 'routes.json'), log),
    log,
    now: () => new Date(),
    apiServers: [],
  });
  await until(() => controller.status().listed && nginx.generation > 0, Boolean, 20_000);
}, 60_000);

afterAll(async () => {
  await controller?.stop();
  await client.delete({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
  client.close();
  admin.close();
  await nginx.close();
  rmSync(folder, { recursive: true });
}, 60_000);

const service = (name: string, spec: object) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name,
    namespace,
    labels: { 'berth.dev/public': 'true' },
    annotations: { 'berth.dev/public-ports': 'http', 'berth.dev/domain': 'localhost' },
  },
  spec,
});
const slice = (addresses: string[]) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'web-by-hand', namespace, labels: { 'kubernetes.io/service-name': 'web' } },
  addressType: 'IPv4',
  endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
  ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
});
const host = `web-${namespace}.localhost`;
const reference = { apiVersion: 'v1', kind: 'Service', name: 'web', namespace };

describe('the controller on a cluster', () => {
  it('routes to a new public Service and its endpoints within a second, and forgets it within one', async () => {
    const ports = [{ name: 'http', port: 80, targetPort: 'http' }];
    await client.create(service('web', { selector: { app: 'nothing' }, ports }));
    await until(() => nginx.routes[host], Boolean, 1000);
    await client.create(slice(['203.0.113.5']));
    await until(
      () => nginx.routes[host]?.endpoints,
      (found) => found?.[0] === '203.0.113.5:8080',
      1000,
    );
    await client.delete(reference);
    await until(
      () => host in nginx.routes,
      (there) => !there,
      1000,
    );
  }, 30_000);

  it('never routes to the API server, and says so', async () => {
    const apiServer = await client.get({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      name: 'kubernetes',
      namespace: 'default',
    });
    const [{ addresses }] = apiServer!['endpoints'] as [{ addresses: string[] }];
    const ports = [{ name: 'http', port: 80, targetPort: 'http' }];
    await client.create(service('web', { selector: { app: 'nothing' }, ports }));
    await client.apply(slice(['203.0.113.6', ...addresses]), { fieldManager: 'test', force: true });
    await until(
      () => nginx.routes[host]?.endpoints,
      (found) => found?.[0] === '203.0.113.6:8080',
      5000,
    );
    expect(nginx.routes[host]?.endpoints).toEqual(['203.0.113.6:8080']);
    const events = await until(
      () => client.events(namespace),
      (found) => found.length > 0,
      10_000,
    );
    expect(events).toMatchObject([
      { reason: 'AddressRefused', involvedObject: { kind: 'Service', name: 'web' } },
    ]);
    const condition = async () => {
      const { status } = (await client.get(reference)) as unknown as {
        status: { conditions?: { type: string; status: string }[] };
      };
      return status.conditions?.find(({ type }) => type === ROUTED)?.status;
    };
    await until(condition, (found) => found === 'False', 10_000);
    await client.apply(slice(['203.0.113.6']), { fieldManager: 'test', force: true });
    await until(condition, (found) => found === 'True', 10_000);
  }, 60_000);
});
