import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';

const root = join(__dirname, '../../..');

/** Lints each text as if it were saved at its file, all in one process; gives the ids of the rules that each breaks. */
const lint = `
import { ESLint } from 'eslint';
const sources = JSON.parse(process.argv[1]);
const eslint = new ESLint({ overrideConfig: { rules: { '@nx/enforce-module-boundaries': 'off' } } });
const results = [];
for (const [filePath, text] of sources) {
  const [{ messages }] = await eslint.lintText(text, { filePath });
  results.push(messages.map(({ ruleId, message }) => ruleId ?? message));
}
console.log(JSON.stringify(results));
`;

async function brokenRules(sources: [file: string, text: string][]): Promise<string[][]> {
  const { stdout } = await new ProcessRunner().run(
    [process.execPath, '--input-type=module', '--eval', lint, JSON.stringify(sources)],
    { cwd: root },
  );
  return JSON.parse(stdout) as string[][];
}

/** Where programs may be started, and where not. */
const places = [
  'libs/exec/src/a.ts',
  'libs/model/src/a.ts',
  'apps/web/src/server/a.spec.ts',
  'docker/node/a.mjs',
];

it('no shell string comes in, not even where programs are started', async () => {
  const shell = [
    "import { exec } from 'node:child_process';\nexport const run = exec;\n",
    "import { execSync as run } from 'child_process';\nexport const start = run;\n",
    "import * as programs from 'node:child_process';\nexport const run = programs;\n",
    "import programs from 'node:child_process';\nexport const run = programs;\n",
    "export const run = import('node:child_process');\n",
    "export const run = require('child_process').exec;\n",
    'export const options = { shell: true };\n',
    "export const options = { 'shell': '/bin/sh' };\n",
    'const shell = true;\nexport const options = { shell };\n',
  ];
  const sources = places.flatMap((file) => shell.map((text): [string, string] => [file, text]));
  const found = await brokenRules(sources);
  const passed = sources.filter((_, index) => !found[index]!.includes('no-restricted-syntax'));
  expect(passed).toEqual([]);
}, 60_000);

it('arrays of arguments are let through where programs are started', async () => {
  const text = [
    "import { execFileSync, spawn } from 'node:child_process';",
    "export const run = () => [spawn('ls', ['a b'], { shell: false }), execFileSync('ls')];",
    "export const found = /a/.exec('a');\n",
  ].join('\n');
  expect(await brokenRules([['libs/exec/src/a.ts', text]])).toEqual([[]]);
}, 60_000);
