import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { UserError } from '@berth/model';
import { adopt } from './adopt';
import { adoptedCluster, adoptedFile, localCluster } from './local-cluster';

let root: string;
const write = (path: string, content: unknown) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), JSON.stringify(content));
};
const nxJson = { plugins: [{ plugin: '@berth/nx', options: { registry: 'localhost:5000/berth' } }] };
const signal = new AbortController().signal;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'berth-adopt-'));
  write('nx.json', nxJson);
  write('deploy/clusters/local/cluster.json', { provider: 'bare-metal', hosts: ['localhost'] });
});
afterEach(() => rmSync(root, { recursive: true }));

describe('npm start -- --context', () => {
  const printed: string[] = [];
  const start = (context: string, more: object = {}) =>
    adopt(
      { root, print: (line) => void printed.push(line) },
      { context, yes: true, registry: 'localhost:5001/berth', ...more },
      ['staging'],
      { KUBECONFIG: join(root, 'config'), home: root },
    ).then(
      () => Promise.reject(new Error('was not refused')),
      (error: UserError) => error,
    );
  afterEach(() => {
    expect(existsSync(join(root, adoptedFile))).toBe(false);
    expect(JSON.parse(readFileSync(join(root, 'nx.json'), 'utf8'))).toEqual(nxJson);
  });
  const kubeconfig = (server: string) =>
    write('config', {
      contexts: [{ name: 'k3d-desk', context: { cluster: 'k3d-desk', user: 'me' } }],
      clusters: [{ name: 'k3d-desk', cluster: { server } }],
      users: [{ name: 'me', user: { token: 'x' } }],
    });

  it('names the contexts that there are', async () => {
    kubeconfig('https://127.0.0.1:1');
    const { message, hint } = await start('k3d-dsk');
    expect(message).toBe(`There is no context "k3d-dsk": ${join(root, 'config')} has k3d-desk.`);
    expect(hint).toBe('npm start -- --context k3d-desk');
  });

  it('says how a cluster is started that does not answer', async () => {
    const closed = await new Promise<number>((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const { port } = server.address() as { port: number };
        server.close(() => resolve(port));
      });
    });
    kubeconfig(`https://127.0.0.1:${closed}`);
    const { message, hint } = await start('k3d-desk');
    expect(message).toMatch(/^The cluster local \(k3d \(desk\)\) does not answer\./);
    expect(hint).toContain('To start it: k3d cluster start desk');
  }, 60_000);
});

describe('a clone that has adopted a cluster', () => {
  beforeEach(() =>
    write(adoptedFile, {
      provider: 'existing',
      kubeconfig: '/home/me/.kube/config',
      context: 'work',
      hosts: null,
      exposure: 'load-balancer',
      nodePorts: null,
      front: null,
    }),
  );

  it('has that one for its local cluster', () => {
    expect(adoptedCluster(root)).toMatchObject({
      name: 'local',
      provider: 'existing',
      context: 'work',
      exposure: 'load-balancer',
      hosts: [],
    });
  });

  it('is not stopped, deleted or tested on', () => {
    expect(() => localCluster(root, signal)).toThrow(
      'The local cluster of this clone is work of /home/me/.kube/config, which Berth did not make: it is never stopped, deleted or tested on.',
    );
  });

  it('says which file is wrong', () => {
    write(adoptedFile, { provider: 'existing', contxt: 'work' });
    expect(() => adoptedCluster(root)).toThrow('contxt: is no field here');
  });
});

it('a clone that has adopted none has the cluster of this machine', () => {
  expect(adoptedCluster(root)).toBeUndefined();
  expect(localCluster(root, signal).cluster.provider).toBe('bare-metal');
});
