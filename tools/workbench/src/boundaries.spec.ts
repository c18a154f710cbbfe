import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';

const root = join(__dirname, '../../..');

// The rule skips itself where Nx has cached no project graph yet, as in a fresh clone.
beforeAll(async () => {
  const nx = join(root, 'node_modules/nx/dist/bin/nx.js');
  const env = { NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false' };
  await new ProcessRunner().run([process.execPath, nx, 'show', 'projects'], { cwd: root, env });
}, 120_000);

/** ESLint on `source` as if it were saved at `file`; returns the ids of the rules it breaks. */
async function brokenRules(file: string, source: string): Promise<string[]> {
  const eslint = join(root, 'node_modules/eslint/bin/eslint.js');
  const { stdout } = await new ProcessRunner().run(
    [process.execPath, eslint, '--stdin', '--stdin-filename', join(root, file), '--format', 'json'],
    { cwd: root, input: source, expect: [0, 1], env: { NX_DAEMON: 'false' } },
  );
  const [result] = JSON.parse(stdout) as [{ messages: { ruleId: string }[] }];
  return result.messages.map(({ ruleId }) => ruleId);
}

const boundaries = '@nx/enforce-module-boundaries';
const uses = (name: string) => `import * as used from '${name}';\nexport const seen = used;\n`;

it.each([
  ['a pure library', 'libs/model/src/index.ts', '@berth/kube'],
  ['the core', 'libs/deploy/src/index.ts', '@berth/kube'],
  ['io', 'libs/kube/src/index.ts', '@berth/deploy'],
  ['an adapter', 'libs/engines/src/index.ts', '@berth/clusters'],
  ['a library', 'libs/manifests/src/index.ts', '../../../apps/gateway/src/main'],
])(
  '%s may not import what its tag forbids',
  async (_kind, file, imported) => {
    expect(await brokenRules(file, uses(imported))).toContain(boundaries);
  },
  60_000,
);

it.each([
  ['libs/manifests/src/index.ts', '@berth/model'],
  ['libs/orchestrators/src/index.ts', '@berth/kube'],
])(
  '%s may import %s',
  async (file, imported) => {
    expect(await brokenRules(file, uses(imported))).not.toContain(boundaries);
  },
  60_000,
);

it('programs are started by libs/exec alone', async () => {
  const source = "import { spawn } from 'node:child_process';\nexport const start = spawn;\n";
  expect(await brokenRules('libs/engines/src/index.ts', source)).toContain('no-restricted-imports');
  expect(await brokenRules('libs/exec/src/index.ts', source)).not.toContain('no-restricted-imports');
}, 60_000);
