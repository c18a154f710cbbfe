import { hostname, userInfo } from 'node:os';
import { ProgramError, type Runner } from '@berth/exec';

/** Who deploys, for example `ana@laptop`. */
export function author(): string {
  return `${userInfo().username}@${hostname()}`;
}

/** The commit that the workspace is at; undefined outside of Git. */
export async function commitOf(workspaceRoot: string, runner: Runner): Promise<string | undefined> {
  try {
    const { stdout } = await runner.run(['git', 'rev-parse', 'HEAD'], { cwd: workspaceRoot });
    return stdout.trim() || undefined;
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    return undefined;
  }
}
