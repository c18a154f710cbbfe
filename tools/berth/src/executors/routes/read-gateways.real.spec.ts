import { join } from 'node:path';
import { KubeClient } from '@berth/kube';
import { readGateways } from './read-gateways';
import { routesLines } from './routes-lines';

const WORKSPACE = join(__dirname, '../../../../..');
const client = KubeClient.from({
  kubeconfig: process.env['BERTH_TEST_KUBECONFIG'] ?? join(WORKSPACE, 'deploy/clusters/local/kubeconfig'),
  context: process.env['BERTH_TEST_CONTEXT'] ?? 'berth-local',
});
afterAll(() => client.close());

describe('readGateways on a cluster', () => {
  it('finds what its gateway serves', async () => {
    const rows = await readGateways(client);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      expect(row).toMatchObject({
        pod: expect.stringMatching(/^gateway-/),
        served: {
          generation: expect.any(Number),
          listed: true,
          routes: expect.any(Object),
          refused: expect.any(Array),
        },
      });
    }
    expect(routesLines(rows)[0]).toMatch(/^(host +service +since +endpoints|No host has a route\.)$/);
  }, 30_000);

  it('is told why a pod does not answer', async () => {
    const nobodyListens = 9;
    const { items } = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace: 'admin' });
    const pod = items.find(({ metadata }) => metadata.name.startsWith('gateway-'))!.metadata.name;
    await expect(
      client.askPod('admin', pod, { port: nobodyListens, path: '/routes', onceWithinMs: 10_000 }),
    ).rejects.toMatchObject({ name: 'ApiError', status: 503 });
  }, 30_000);
});
