import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const workspace = resolve(__dirname, '../../../..');
const coredns = join(workspace, 'libs/clusters/src/bare-metal/modules/coredns');
const prometheus = join(__dirname, 'modules/prometheus');
const alertmanager = join(__dirname, 'modules/alertmanager');

/** The versions of modules that a go.mod requires, by their paths. */
function required(module: string): ReadonlyMap<string, string> {
  const text = readFileSync(join(module, 'go.mod'), 'utf8');
  const lines = text.matchAll(/^(?:require |\t)(\S+) (v\S+)/gm);
  return new Map([...lines].map(([, path = '', version = '']) => [path, version]));
}

// What two of them share is compiled once then, which is most of the time that each of them takes.
it.each([
  ['CoreDNS', coredns, []],
  // It cannot be built with the first one's. Of itself, Prometheus has the types of a newer one.
  [
    'Alertmanager',
    alertmanager,
    ['github.com/KimMachineGun/automemlimit', 'github.com/prometheus/alertmanager'],
  ],
])('%s is made of what Prometheus is made of, at the same versions', (_, module, others) => {
  const ofPrometheus = required(prometheus);
  const shared = [...required(module)].filter(([path]) => ofPrometheus.has(path));
  expect(shared.length).toBeGreaterThan(50);
  const different = shared.filter(([path, version]) => ofPrometheus.get(path) !== version);
  expect(different.map(([path]) => path)).toEqual(others);
});
