import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ProgramError, type Runner } from '@berth/exec';

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

/**
 * Runs an Nx target of several projects: all in one Nx, and each alone when that failed, to know which it was (what
 * succeeded is in Nx's cache then).
 * @returns by project its failure, undefined when it succeeded
 */
export async function runTargets(
  target: string,
  projects: readonly string[],
  { workspaceRoot, runner, onLine, signal }: TargetDependencies,
): Promise<Map<string, Error | undefined>> {
  const run = (names: readonly string[]) =>
    runner.run(
      [...nx(workspaceRoot), 'run-many', '-t', target, '-p', names.join(','), '--outputStyle=static'],
      {
        cwd: workspaceRoot,
        env: {
          ...Object.fromEntries(ofOuterTask.map((name) => [name, undefined])),
          // Who runs it has told the person already.
          BERTH_TERMINAL: '/dev/null',
          NX_DAEMON: 'false',
          NX_TUI: 'false',
          NX_INTERACTIVE: 'false',
          NO_COLOR: '1',
          FORCE_COLOR: undefined,
        },
        onLine,
        ...(signal && { signal }),
      },
    );
  try {
    await run(projects);
    return new Map(projects.map((project) => [project, undefined]));
  } catch (error) {
    if (!(error instanceof ProgramError) || error.failure.kind !== 'exit') throw error;
    if (projects.length === 1) return new Map(projects.map((project) => [project, error]));
    const failures = new Map<string, Error | undefined>();
    for (const project of projects) {
      failures.set(
        project,
        await run([project]).then(
          () => undefined,
          (failure: Error) => failure,
        ),
      );
    }
    return failures;
  }
}

export interface TargetDependencies {
  workspaceRoot: string;
  runner: Runner;
  onLine: (line: string) => void;
  signal?: AbortSignal;
}

/** This workspace's own Nx. */
function nx(workspaceRoot: string): string[] {
  return [process.execPath, createRequire(join(workspaceRoot, 'package.json')).resolve('nx/bin/nx.js')];
}
