import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTerminal, rememberTerminal } from './terminal';

describe('what Nx would not pass on', () => {
  const nx = ['node', 'nx', 'deploy', 'staging'];
  const remembered = (argv: string[], env: NodeJS.ProcessEnv = {}, parent = 'node\0nx') => {
    rememberTerminal(nx, { pid: 7, ppid: 5, argv, env }, true, (id) => (id === 5 ? parent : 'node'));
    return env['BERTH_TERMINAL'];
  };

  it("goes to Nx's own error output, whichever process the plugin is in", () => {
    expect(remembered(nx)).toBe('/proc/7/fd/2');
    expect(remembered(['node', 'plugin-worker.js'])).toBe('/proc/5/fd/2');
  });

  it('goes to the outermost Nx of those that run each other', () => {
    expect(remembered(nx, { BERTH_TERMINAL: '/proc/1/fd/2' })).toBe('/proc/1/fd/2');
  });

  it('is left to who starts the executor by the daemon, in each run anew', () => {
    const daemon = 'node\0/w/node_modules/nx/dist/src/daemon/server/start.js';
    const env = { BERTH_TERMINAL: '/proc/1/fd/2', BERTH_DRAWS: 'false' };
    expect(remembered(['node', 'plugin-worker.js'], env, daemon)).toBe('');
    expect(env.BERTH_DRAWS).toBe('true');
  });

  it('is added to what is there, or printed as everything else where that cannot be opened', () => {
    const folder = mkdtempSync(join(tmpdir(), 'terminal-'));
    const file = join(folder, 'output');
    const printed = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    writeFileSync(file, 'there ');
    const terminal = openTerminal({ BERTH_TERMINAL: file });
    terminal.tell('one ');
    terminal.tell('two');
    terminal.close();
    openTerminal({ BERTH_TERMINAL: join(folder, 'no/such') }).tell('three');
    expect(readFileSync(file, 'utf8')).toBe('there one two');
    expect(printed.mock.calls).toEqual([['three']]);
    printed.mockRestore();
    rmSync(folder, { recursive: true });
  });
});
