import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, lstatSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownTemporaryFolder, type Runner } from '@berth/exec';
import { UserError } from '@berth/model';
import { commitIn, gitIn, isShallow } from '../git';

/**
 * The full name of a commit.
 * @throws UserError when this clone does not have it
 */
export async function commitNamed(name: string, root: string, runner: Runner): Promise<string> {
  const git = gitIn(runner, root);
  const commit = await commitIn(git, name);
  if (commit) return commit;
  const shallow = await isShallow(git);
  throw new UserError(
    `There is no commit ${name} in this clone${shallow ? ', which is shallow' : ''}.`,
    shallow ? 'git fetch --unshallow' : 'git fetch, or see which there are: git log --oneline',
  );
}

/**
 * Does work in the workspace as it was at a commit: its files in a folder of their own, with this workspace's npm
 * packages. The folder goes however the work ends.
 * @param work gets the folder
 */
export async function inWorktree<Result>(
  commit: string,
  root: string,
  runner: Runner,
  work: (root: string) => Promise<Result>,
): Promise<Result> {
  const git = (...args: string[]) =>
    runner.run(['git', '-c', 'core.hooksPath=/dev/null', ...args], { cwd: root });
  const removeTemporaryFolder = ownTemporaryFolder(process.env);
  const parent = mkdtempSync(join(tmpdir(), 'at-'));
  const folder = join(parent, 'worktree');
  try {
    await git('worktree', 'add', '--detach', '--quiet', folder, commit);
    try {
      // The workspace may be a folder of its repository.
      const { stdout: prefix } = await git('rev-parse', '--show-prefix');
      const then = join(folder, prefix.trim());
      linkPackages(join(root, 'node_modules'), join(then, 'node_modules'));
      return await work(then);
    } finally {
      await git('worktree', 'remove', '--force', folder);
    }
  } finally {
    rmSync(parent, { recursive: true, force: true });
    removeTemporaryFolder();
    // What a killed run has left in .git has no folder any more.
    await git('worktree', 'prune');
  }
}

/** Links to the packages; one that is a folder of the workspace itself is that of the commit. */
function linkPackages(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    const path = join(from, name);
    if (lstatSync(path).isSymbolicLink()) symlinkSync(readlinkSync(path), join(to, name));
    else if (name.startsWith('@')) linkPackages(path, join(to, name));
    else symlinkSync(path, join(to, name));
  }
}
