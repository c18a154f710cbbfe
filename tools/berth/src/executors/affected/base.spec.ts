import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { findBase } from './base';

const folder = mkdtempSync(join(tmpdir(), 'berth-base-'));
const upstream = join(folder, 'upstream');
const runnerIn = (cwd: string) =>
  new ProcessRunner({ cwd, env: { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' } });
const git = async (cwd: string, ...args: string[]) => {
  const identity = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com'];
  const { stdout } = await runnerIn(cwd).run(['git', ...identity, ...args]);
  return stdout.trim();
};
const commit = (cwd: string, message: string) =>
  git(cwd, 'commit', '--quiet', '--allow-empty', '-m', message);

let parted: string;

beforeAll(async () => {
  await git(folder, 'init', '--quiet', '--initial-branch=main', upstream);
  await commit(upstream, 'first');
  await commit(upstream, 'second');
  parted = await git(upstream, 'rev-parse', 'HEAD');
  await git(upstream, 'checkout', '--quiet', '-b', 'feature');
  await commit(upstream, 'of the feature');
  await git(upstream, 'checkout', '--quiet', 'main');
  await commit(upstream, 'main goes on');
  await git(upstream, 'checkout', '--quiet', 'feature');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the base of what is affected', () => {
  it('is where this commit parted from a branch or commit', async () => {
    const tip = await git(upstream, 'rev-parse', 'main');
    for (const base of ['main', tip, parted])
      expect(await findBase(base, runnerIn(upstream))).toEqual({ commit: parted });
  });

  it.each([
    [undefined, 'there is no base to compare with'],
    ['', 'there is no base to compare with'],
    ['0000000000000000000000000000000000000000', 'is not known here'],
    ['no-such-branch', 'is not known here'],
    ['--all', 'is not known here'],
    ['HEAD', 'this commit is part of the base HEAD'],
    ['HEAD~1..HEAD', 'is not known here'],
  ])('is not %s: everything runs', async (base, reason) => {
    expect(await findBase(base, runnerIn(upstream))).toEqual({ reason: expect.stringContaining(reason) });
  });

  it('is not known in a shallow clone: everything runs, and it says why', async () => {
    const shallow = join(folder, 'shallow');
    await git(folder, 'clone', '--quiet', '--depth=1', `file://${upstream}`, shallow);
    expect(await findBase(parted, runnerIn(shallow))).toEqual({
      reason: `the base ${parted} is not known here, for this clone is shallow`,
    });
    await git(shallow, 'fetch', '--quiet', '--depth=1', 'origin', 'main:main');
    expect(await findBase('main', runnerIn(shallow))).toEqual({
      reason: 'the base main has no history in common with this commit, for this clone is shallow',
    });
  });

  it('is not known outside of a clone', async () => {
    expect(await findBase('main', runnerIn(folder))).toEqual({ reason: 'the base main is not known here' });
  });
});
