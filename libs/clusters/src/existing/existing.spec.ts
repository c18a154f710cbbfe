import { createServer } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCluster, UserError } from '@berth/model';
import { ExistingCluster } from './existing';

let workspace: string;
let closed: string;
const provider = () => new ExistingCluster({ workspace, idleMs: 500 });
const cluster = (context: string) =>
  parseCluster(JSON.stringify({ provider: 'existing', kubeconfig: 'kubeconfig', context }), {
    name: 'desk',
    root: 'deploy/clusters/desk',
  });
const refused = (work: Promise<unknown>): Promise<UserError> =>
  work.then(
    () => Promise.reject(new Error('was not refused')),
    (error: UserError) => error,
  );

beforeAll(async () => {
  // A port at which nobody listens any more.
  closed = await new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(`https://127.0.0.1:${port}`));
    });
  });
  workspace = mkdtempSync(join(tmpdir(), 'existing-'));
  writeFileSync(
    join(workspace, 'kubeconfig'),
    JSON.stringify({
      contexts: [{ name: 'kind-desk', context: { cluster: 'kind-desk', user: 'me' } }],
      clusters: [{ name: 'kind-desk', cluster: { server: closed } }],
      users: [{ name: 'me', user: { token: 'x' } }],
    }),
  );
});
afterAll(() => rmSync(workspace, { recursive: true }));

it('is not there when nobody answers, and says how a cluster of its kind is started', async () => {
  expect(await provider().observe(cluster('kind-desk'))).toEqual({ exists: false, ready: false, nodes: [] });
  const { message, hint } = await refused(provider().planCreate(cluster('kind-desk')));
  expect(message).toContain(`The cluster desk (kind (desk)) does not answer. GET /api/v1`);
  expect(hint).toContain('To start it: docker start $(docker ps -aq -f label=io.x-k8s.kind.cluster=desk)');
}, 60_000);

it('says where the credentials are, and which contexts there are when that one is not', async () => {
  expect(provider().whereCredentialsAre(cluster('kind-desk'))).toBe(
    'The credentials are in kubeconfig, context kind-desk; whoever made the cluster wrote them.',
  );
  const { message } = await refused(provider().credentials(cluster('kind-dsk')));
  expect(message).toBe(
    'deploy/clusters/desk/cluster.json at context: kubeconfig has no context "kind-dsk"; it has kind-desk.',
  );
});

it('is never stopped or destroyed', async () => {
  const stop = await refused(provider().planStop(cluster('kind-desk')));
  expect([stop.message, stop.hint]).toEqual([
    'Berth did not make the cluster desk, and does not stop it.',
    'Stop it by the tools of kind (desk).',
  ]);
  const destroy = await refused(provider().planDestroy(cluster('kind-desk')));
  expect(destroy.message).toMatch(
    /^Berth did not make the cluster desk, and does not destroy it; which of Berth's environments are in it is not known: .*does not answer/,
  );
  expect(destroy.hint).toBe('To forget the cluster: delete deploy/clusters/desk');
}, 60_000);
