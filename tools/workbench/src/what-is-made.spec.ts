import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { contentLines, contentOf } from './what-is-made';

let root: string;
const write = (path: string, ...objects: object[]) => {
  const file = join(root, 'deploy/environments/admin', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, objects.map((object) => stringify(object)).join('---\n'));
};
const inside = (kind: string, name: string) => ({ kind, metadata: { name, namespace: 'admin' } });
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'berth-content-'))));
afterEach(() => rmSync(root, { recursive: true }));

it('lists the services of an environment, and what it has outside of its namespace', () => {
  write('namespace.yaml', { kind: 'Namespace', metadata: { name: 'admin' } });
  write('services/gateway.yaml', inside('Service', 'gateway'), inside('Deployment', 'gateway'));
  write('services/blotter.yaml', inside('StatefulSet', 'blotter'));
  write('kubernetes/gateway/rbac.yaml', { kind: 'ClusterRole', metadata: { name: 'gateway-admin' } });
  write('kubernetes/gateway/empty.yaml');
  write('patches/mine.yaml', { kind: 'Deployment', metadata: { name: 'gateway' } });
  const content = contentOf(root, 'admin');
  expect(content).toEqual({
    environment: 'admin',
    services: ['blotter', 'gateway'],
    ofTheCluster: ['ClusterRole gateway-admin'],
  });
  expect(contentLines(content)).toEqual([
    'the namespace admin: blotter, gateway',
    '    for the whole cluster: ClusterRole gateway-admin',
  ]);
});

it('has no line for the cluster where an environment has nothing outside of its namespace', () => {
  write('services/web.yaml', inside('Deployment', 'web'));
  expect(contentLines(contentOf(root, 'admin'))).toEqual(['the namespace admin: web']);
});

it('says so of an environment that has no files yet', () => {
  expect(contentLines(contentOf(root, 'none'))).toEqual(['the namespace none: what its services say']);
});
