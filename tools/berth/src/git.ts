import type { Runner } from '@berth/exec';

/** What git says, trimmed; undefined when it knows no answer: there is no such commit (1), or this is no clone (128). */
export type Git = (...args: string[]) => Promise<string | undefined>;

/** @param cwd the folder of the clone; the runner's own when absent */
export function gitIn(runner: Runner, cwd?: string): Git {
  return async (...args) => {
    const options = { ...(cwd !== undefined && { cwd }), expect: [0, 1, 128] };
    const { exitCode, stdout } = await runner.run(['git', ...args], options);
    return exitCode === 0 ? stdout.trim() : undefined;
  };
}

/** The full name of a commit or branch. */
export function commitIn(git: Git, name: string): Promise<string | undefined> {
  return git('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
}

/** Whether the history of the clone ends before its beginning. */
export async function isShallow(git: Git): Promise<boolean> {
  return (await git('rev-parse', '--is-shallow-repository')) === 'true';
}
