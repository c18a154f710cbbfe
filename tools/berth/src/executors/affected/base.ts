import type { Runner } from '@berth/exec';
import { commitIn, gitIn, isShallow } from '../../git';

/** The commit that the workspace is compared with, or why everything is to run. */
export type Base = { commit: string } | { reason: string };

/**
 * Finds the commit at which this one parted from `base`. What is not known for sure is no base: more is run then,
 * never less.
 * @param base a commit or branch; empty or undefined when there is none
 * @param runner in the folder of the workspace
 */
export async function findBase(base: string | undefined, runner: Runner): Promise<Base> {
  const git = gitIn(runner);
  if (!base) return { reason: 'there is no base to compare with' };
  const given = await commitIn(git, base);
  const because = (await isShallow(git)) ? ', for this clone is shallow' : '';
  if (given === undefined) return { reason: `the base ${base} is not known here${because}` };
  const parted = await git('merge-base', given, 'HEAD');
  if (!parted) return { reason: `the base ${base} has no history in common with this commit${because}` };
  if (parted === (await commitIn(git, 'HEAD'))) return { reason: `this commit is part of the base ${base}` };
  return { commit: parted };
}
