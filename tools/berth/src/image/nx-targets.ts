import { ProgramError, type Runner } from '@berth/exec';
import { innerNx } from '../inner-nx';

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
  const { program, env } = innerNx(workspaceRoot);
  const run = (names: readonly string[]) =>
    runner.run([...program, 'run-many', '-t', target, '-p', names.join(','), '--outputStyle=static'], {
      cwd: workspaceRoot,
      // Who runs it has told the person already.
      env: { ...env, BERTH_TERMINAL: '/dev/null' },
      onLine,
      ...(signal && { signal }),
    });
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
