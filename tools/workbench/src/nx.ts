import { join } from 'node:path';
import { ProcessRunner, type Completed } from '@berth/exec';
import type { Workbench } from './main';

/**
 * Runs Nx as a person would, each line of its output to `log`.
 * The daemon is left out: for one command after a change of many files it is slower than none.
 */
export function nx(
  { root, signal }: Pick<Workbench, 'root' | 'signal'>,
  args: string[],
  log: (line: string) => void,
): Promise<Completed> {
  return new ProcessRunner().run([process.execPath, join(root, 'node_modules/nx/dist/bin/nx.js'), ...args], {
    cwd: root,
    signal,
    env: {
      // The person is told here that the command was interrupted.
      BERTH_TERMINAL: '/dev/null',
      NX_DAEMON: 'false',
      // Plugins in processes of their own take twice the time to start.
      NX_ISOLATE_PLUGINS: 'false',
      NX_TUI: 'false',
      NX_INTERACTIVE: 'false',
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
    },
    onLine: log,
  });
}
