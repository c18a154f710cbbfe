import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';

const root = join(__dirname, '../../..');

/** Lints each `{ file, source }` of its standard input; in a process of its own, as ESLint's configuration is an ES module. */
const lint = `
import { ESLint } from 'eslint';
let input = '';
for await (const chunk of process.stdin) input += chunk;
const eslint = new ESLint();
const broken = [];
for (const { file, source } of JSON.parse(input)) {
  const [{ messages }] = await eslint.lintText(source, { filePath: file });
  broken.push(messages.map(({ ruleId }) => ruleId));
}
process.stdout.write('\\n' + JSON.stringify(broken));
`;

const boundaries = '@nx/enforce-module-boundaries';
const uses = (name: string) => `import * as used from '${name}';\nexport const seen = used;\n`;
const starts = "import { spawn } from 'node:child_process';\nexport const start = spawn;\n";

const forbidden: [kind: string, file: string, imported: string][] = [
  ['a pure library', 'libs/model/src/index.ts', '@berth/kube'],
  ['the core', 'libs/deploy/src/index.ts', '@berth/kube'],
  ['io', 'libs/kube/src/index.ts', '@berth/deploy'],
  ['an adapter', 'libs/engines/src/index.ts', '@berth/clusters'],
  ['a library', 'libs/manifests/src/index.ts', '../../../apps/gateway/src/main'],
];
const allowed: [file: string, imported: string][] = [
  ['libs/manifests/src/index.ts', '@berth/model'],
  ['libs/orchestrators/src/index.ts', '@berth/kube'],
];

/** By file and source, the ids of the rules that are broken. */
const broken = new Map<string, string[]>();
const brokenBy = (file: string, source: string) => broken.get(`${file}\n${source}`);

// The rule skips itself where Nx has cached no project graph yet, as in a fresh clone.
beforeAll(async () => {
  const nx = join(root, 'node_modules/nx/dist/bin/nx.js');
  const env = { NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false' };
  const runner = new ProcessRunner({ cwd: root, env });
  await runner.run([process.execPath, nx, 'show', 'projects']);
  const cases = [
    ...forbidden.map(([, file, imported]) => ({ file, source: uses(imported) })),
    ...allowed.map(([file, imported]) => ({ file, source: uses(imported) })),
    ...['libs/engines/src/index.ts', 'libs/exec/src/index.ts'].map((file) => ({ file, source: starts })),
  ];
  const { stdout } = await runner.run([process.execPath, '--input-type=module', '--eval', lint], {
    input: JSON.stringify(cases),
  });
  const rules = JSON.parse(stdout.slice(stdout.lastIndexOf('\n'))) as string[][];
  cases.forEach(({ file, source }, index) => broken.set(`${file}\n${source}`, rules[index] ?? []));
}, 120_000);

it.each(forbidden)('%s may not import what its tag forbids', (_kind, file, imported) => {
  expect(brokenBy(file, uses(imported))).toContain(boundaries);
});

it.each(allowed)('%s may import %s', (file, imported) => {
  expect(brokenBy(file, uses(imported))).toEqual([]);
});

it('programs are started by libs/exec alone', () => {
  expect(brokenBy('libs/engines/src/index.ts', starts)).toContain('no-restricted-imports');
  expect(brokenBy('libs/exec/src/index.ts', starts)).toEqual([]);
});
