import type { Runner } from '@berth/exec';

/** The commit that the workspace is compared with, or why everything is to run. */
export type Base = { commit: string } | { reason: string };

/**
 * Finds the commit at which this one parted from `base`. What is not known for sure is no base: more is run then,
 * never less.
 * @param base a commit or branch; empty or undefined when there is none
 * @param runner in the folder of the workspace
 */
export async function findBase(base: string | undefined, runner: Runner): Promise<Base> {
  const git = async (...args: string[]): Promise<string | undefined> => {
    // 1: no such commit; 128: this is no clone at all.
    const { exitCode, stdout } = await runner.run(['git', ...args], { expect: [0, 1, 128] });
    return exitCode === 0 ? stdout.trim() : undefined;
  };
  const commit = (name: string) =>
    git('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
  if (!base) return { reason: 'there is no base to compare with' };
  const given = await commit(base);
  const shallow = (await git('rev-parse', '--is-shallow-repository')) === 'true';
  const because = shallow ? ', for this clone is shallow' : '';
  if (given === undefined) return { reason: `the base ${base} is not known here${because}` };
  const parted = await git('merge-base', given, 'HEAD');
  if (!parted) return { reason: `the base ${base} has no history in common with this commit${because}` };
  if (parted === (await commit('HEAD'))) return { reason: `this commit is part of the base ${base}` };
  return { commit: parted };
}
