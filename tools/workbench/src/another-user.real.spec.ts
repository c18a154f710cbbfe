import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { asNobody } from '@berth/exec/src/testing-nobody';

const workspace = resolve(__dirname, '../../..');

/** What bin/workbench.mjs does after the packages are there. */
const main = `
  process.env.TS_NODE_PROJECT = ${JSON.stringify(join(workspace, 'tsconfig.base.json'))};
  process.env.SWC_NODE_IGNORE_DYNAMIC = '1';
  require('@swc-node/register');
  require('./tools/workbench/src/main.ts').main(['start'], process.argv[1]).then((code) => process.exit(code));
`;

it('npm start as another user than root says what only root can do, and does nothing', async () => {
  // Of its own: its cluster has no credentials yet, so that there is something to do.
  const root = mkdtempSync(join(tmpdir(), 'berth-another-user-'));
  const home = join(root, 'home');
  const file = 'deploy/clusters/local/cluster.json';
  mkdirSync(dirname(join(root, file)), { recursive: true });
  cpSync(join(workspace, file), join(root, file));
  mkdirSync(home);
  chmodSync(root, 0o755);
  try {
    const { exitCode, stdout, stderr } = await new ProcessRunner().run(
      [...asNobody, process.execPath, '-e', main, root],
      { cwd: workspace, env: { HOME: home }, expect: [0, 1] },
    );
    const text = `${stdout}${stderr}`;
    expect({ exitCode, text }).toMatchObject({ exitCode: 1 });
    expect(text).toMatch(/only root can run a cluster on this machine; missing: .*Credentials/);
    expect(text).toMatch(/sudo -E npm start|run it as root/);
    expect(text).not.toMatch(/^\s+at /m);
    expect(text).not.toContain('▸');
  } finally {
    rmSync(root, { recursive: true });
  }
}, 60_000);
