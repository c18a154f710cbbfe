import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProjectGraph } from '@nx/devkit';
import type { Change, DeployRecord } from '@berth/deploy';
import { ProcessRunner } from '@berth/exec';
import { imageChanges, imageLines } from './images';

const folder = mkdtempSync(join(tmpdir(), 'berth-commits-'));
const upstream = join(folder, 'upstream');
const runnerIn = (cwd: string) =>
  new ProcessRunner({ cwd, env: { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' } });
const git = async (cwd: string, ...args: string[]) => {
  const identity = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com'];
  return (await runnerIn(cwd).run(['git', ...identity, ...args])).stdout.trim();
};
const commit = async (file: string, message: string) => {
  mkdirSync(join(upstream, file, '..'), { recursive: true });
  writeFileSync(join(upstream, file), message);
  await git(upstream, 'add', '--all');
  await git(upstream, 'commit', '--quiet', '-m', message);
  return git(upstream, 'rev-parse', 'HEAD');
};

/** Many commits, each of which changes one file, by two programs in place of three each. */
const commits = async (file: string, messages: readonly string[]) => {
  const stream = messages.map((message, index) =>
    [
      'commit refs/heads/main',
      `committer Ana <ana@example.com> ${1_700_000_000 + index} +0000`,
      `data ${Buffer.byteLength(message)}`,
      message,
      ...(index === 0 ? ['from refs/heads/main^0'] : []),
      `M 100644 inline ${file}`,
      `data ${Buffer.byteLength(message)}`,
      `${message}\n`,
    ].join('\n'),
  );
  await runnerIn(upstream).run(['git', 'fast-import', '--quiet'], { input: stream.join('') });
  await git(upstream, 'reset', '--quiet', '--hard');
};

const digest = (digit: string) => `localhost:5000/berth/web@sha256:${digit.repeat(64)}`;
const graph = {
  nodes: Object.fromEntries(
    [
      ['web', 'apps/web'],
      ['model', 'libs/model'],
      ['workspace', '.'],
    ].map(([name, root]) => [name, { name, type: 'lib', data: { root } }]),
  ),
  dependencies: {
    web: ['model', 'workspace', 'npm:react'].map((target) => ({ source: 'web', target, type: 'static' })),
  },
} as unknown as ProjectGraph;
const running = (image: string): Change => ({
  action: 'same',
  object: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
  fields: [],
  live: {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { template: { spec: { containers: [{ name: 'web', image }] } } },
  },
});
const record = (image: string, hash: string) =>
  ({ images: { web: image }, commit: hash }) as unknown as DeployRecord;
let deployed: string;

const lines = async ({ from = deployed, after = digest('2') as string | undefined, cwd = upstream } = {}) =>
  imageLines(
    await imageChanges(
      [running(digest('1'))],
      { web: after },
      [record(digest('1'), from)],
      graph,
      runnerIn(cwd),
    ),
  );

beforeAll(async () => {
  await git(folder, 'init', '--quiet', '--initial-branch=main', upstream);
  await commit('README', 'begin');
  deployed = await commit('apps/web/main.ts', 'web begins');
  await commit('libs/model/index.ts', 'the model changes');
  await commit('docs/page.md', 'only documentation');
  await commit('apps/web/main.ts', 'web changes');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('an image that a deploy would replace', () => {
  it('is shown with the commits that touch the service or what it uses', async () => {
    expect(await lines()).toEqual([
      '~ image of web: sha256:111111111111 → sha256:222222222222',
      expect.stringMatching(/^ {4}\+ [0-9a-f]{7,} web changes$/),
      expect.stringMatching(/^ {4}\+ [0-9a-f]{7,} the model changes$/),
    ]);
  });

  it('may have to be built, and is not there when it is the one that runs', async () => {
    const [first] = imageLines(
      await imageChanges([running(digest('1'))], { web: undefined }, [], graph, runnerIn(upstream)),
    );
    expect(first).toBe('~ image of web: sha256:111111111111 → to be built');
    expect(await lines({ after: digest('1') })).toEqual([]);
  });

  it('may take commits back, of another branch', async () => {
    await git(upstream, 'checkout', '--quiet', '-b', 'feature', deployed);
    const other = await commit('apps/web/main.ts', 'of the feature');
    await git(upstream, 'checkout', '--quiet', 'main');
    const shown = (await lines({ from: other })).join('\n');
    expect(shown).toMatch(/\+ \S+ web changes/);
    expect(shown).toMatch(/- \S+ of the feature/);
  });

  it('says when there are more, and when something is not committed', async () => {
    const from = await git(upstream, 'rev-parse', 'HEAD');
    await commits(
      'apps/web/main.ts',
      Array.from({ length: 11 }, (_, index) => `change ${index + 1}`),
    );
    writeFileSync(join(upstream, 'apps/web/new.ts'), '');
    const shown = await lines({ from });
    expect(shown).toHaveLength(12);
    expect(shown.at(-1)).toBe(
      `      more: git log ${from.slice(0, 10)}...HEAD -- apps/web libs/model; changes that are not committed`,
    );
    rmSync(join(upstream, 'apps/web/new.ts'));
  });

  it('may be another without a commit in its folders', async () => {
    expect((await lines({ from: await git(upstream, 'rev-parse', 'HEAD') })).at(-1)).toContain(
      'no commit touches its folders',
    );
  });

  it('says that the clone is shallow, that the commit is unknown, or that no record has it', async () => {
    const shallow = join(folder, 'shallow');
    await git(folder, 'clone', '--quiet', '--depth=2', `file://${upstream}`, shallow);
    expect((await lines({ cwd: shallow })).at(-1)).toBe(
      `      this clone is shallow and does not reach back to ${deployed.slice(0, 10)}: git fetch --unshallow`,
    );
    expect((await lines({ from: 'f'.repeat(40) })).at(-1)).toBe(
      '      ffffffffff is not known in this clone: git fetch',
    );
    const [change] = await imageChanges(
      [running(digest('1'))],
      { web: digest('2') },
      [],
      graph,
      runnerIn(upstream),
    );
    expect(change).toMatchObject({ commits: [], note: 'no record says from which commit it was deployed' });
  });
});
