import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What Nx sets for the task that we are part of, and what another run of Nx must not take for its own. */
const ofOuterTask = [
  'NX_TASK_TARGET_PROJECT',
  'NX_TASK_TARGET_TARGET',
  'NX_TASK_TARGET_CONFIGURATION',
  'NX_TASK_HASH',
  'NX_TERMINAL_OUTPUT_PATH',
  'NX_TERMINAL_CAPTURE_STDERR',
  'NX_STREAM_OUTPUT',
  'NX_PREFIX_OUTPUT',
  'NX_FORKED_TASK_EXECUTOR',
  'NX_SET_CLI',
  'NX_CLI_SET',
  'NX_INVOKED_BY_RUNNER',
  'NX_BATCH_MODE',
  'NX_SKIP_NX_CACHE',
];

/** How a task runs this workspace's own Nx: the program, and what of the environment to change. */
export function innerNx(workspaceRoot: string): {
  program: string[];
  env: Record<string, string | undefined>;
} {
  return {
    program: [process.execPath, createRequire(join(workspaceRoot, 'package.json')).resolve('nx/bin/nx.js')],
    env: {
      ...Object.fromEntries(ofOuterTask.map((name) => [name, undefined])),
      NX_DAEMON: 'false',
      NX_TUI: 'false',
      NX_INTERACTIVE: 'false',
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
    },
  };
}
