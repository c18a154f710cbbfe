import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { asNobody, NOBODY } from '@berth/exec/src/testing-nobody';
import { HttpRegistry } from '@berth/registry';
import { imagesAt } from '../environment/images-at';
import { runNx, SmallWorkspace } from '../testing-workspace';
import { removeDockerImages } from './testing-images';
import type { ImageRecord } from './image-record';

jest.setTimeout(120_000);

const lockFile = 'docker/base-images.lock.json';

describe('tags, with the real Nx, git, engine and registry', () => {
  const runner = new ProcessRunner();
  const registry = `localhost:5000/berth-test-${randomUUID().slice(0, 8)}`;
  const outside = `${registry}/outside:1`;
  const asked = new HttpRegistry();
  const folders: string[] = [];
  const outsideIds: string[] = [];
  let workspace: SmallWorkspace;

  const folder = (name: string) => {
    const root = mkdtempSync(join(tmpdir(), name));
    folders.push(root);
    return root;
  };
  const git = (cwd: string, ...args: string[]) =>
    runner.run(['git', '-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], { cwd });
  const commit = async () => {
    await git(workspace.root, 'add', '--all');
    await git(workspace.root, 'commit', '--quiet', '--message', 'all');
  };
  const cloned = async (name: string, ...options: string[]) => {
    const root = join(folder(name), 'clone');
    await git(tmpdir(), 'clone', '--quiet', ...options, `file://${encodeURI(workspace.root)}`, root);
    // Not by way of the workspace's, whose folder is closed to others.
    symlinkSync(realpathSync(join(workspace.root, 'node_modules')), join(root, 'node_modules'));
    return root;
  };
  const json = (root: string, path: string) => JSON.parse(readFileSync(join(root, path), 'utf8')) as unknown;
  /** What the run made of each image, and the tag that it has. */
  const pushed = async (root: string, as?: { user: readonly string[]; home: string }) => {
    const { status, output } = await runNx(root, ['run-many', '-t', 'docker-push'], {
      ...(as && { as: as.user, env: { HOME: as.home } }),
    });
    if (status !== 0) throw new Error(output);
    const { images } = json(root, '.berth/images.json') as ImageRecord;
    return Object.fromEntries(
      Object.entries(images).map(([name, { outcome, tag }]) => [name, { outcome, tag: tag ?? '' }]),
    );
  };
  const pushOutside = async (content: string) => {
    const context = folder('berth-outside-');
    writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY content /content\n');
    writeFileSync(join(context, 'content'), content);
    // Its id, for the tag moves on.
    outsideIds.push(
      (await runner.run(['docker', 'build', '--quiet', '--tag', outside, context])).stdout.trim(),
    );
    await runner.run(['docker', 'push', '--quiet', outside]);
    return asked.digestOf(outside);
  };
  const reused = (images: Awaited<ReturnType<typeof pushed>>) =>
    Object.fromEntries(
      Object.entries(images).map(([name, image]) => [name, { ...image, outcome: 'reused' }]),
    );

  beforeAll(async () => {
    workspace = await SmallWorkspace.of({ registry });
    // Somebody else reads the packages that lie in it.
    chmodSync(workspace.root, 0o755);
    workspace.write('.gitignore', 'node_modules\n.nx\n.berth\nhash\n');
    workspace.write('docker/tools/image.json', {});
    workspace.write(
      'docker/tools/Dockerfile',
      `ARG VERSION=1\nFROM ${registry}/outside:\${VERSION}\nCOPY note /note\n`,
    );
    workspace.write('docker/tools/note', 'note\n');
    workspace.write('docker/page/image.json', { bases: { BASE: 'tools' } });
    workspace.write('docker/page/Dockerfile', 'ARG BASE\nFROM ${BASE}\nCOPY bin /bin\n');
    workspace.write('docker/page/bin/start', 'exec true\n');
    const keepHash = "require('node:fs').writeFileSync('hash', process.env.NX_TASK_HASH ?? '')";
    workspace.write('docker/alone/image.json', { prepare: ['node', '--eval', keepHash] });
    workspace.write('docker/alone/Dockerfile', 'FROM scratch\nCOPY Dockerfile /\n');
    workspace.write(lockFile, { [outside]: await pushOutside('first\n') });
    await git(workspace.root, 'init', '--quiet', '--initial-branch=main');
    await commit();
  });
  afterAll(async () => {
    await asked.close();
    await removeDockerImages(registry);
    await runner.run(['docker', 'image', 'rm', '--force', ...outsideIds], { expect: [0, 1] });
    for (const root of folders) rmSync(root, { recursive: true, force: true });
    workspace.remove();
  });

  let images: Awaited<ReturnType<typeof pushed>>;

  it('are the same in another clone, a shallow one of another user with another umask, at another time', async () => {
    const first = await cloned('berth first ');
    images = await pushed(first);
    expect(Object.values(images).map(({ outcome }) => outcome)).toEqual(['built', 'built', 'built']);
    const mask = process.umask(0o077);
    try {
      const second = await cloned('berth-second-', '--depth=1');
      const home = folder('berth-home-');
      const given = [home, join(second, '..')];
      await runner.run([
        'find',
        ...given,
        '-exec',
        'touch',
        '--no-dereference',
        '--date=@1000000',
        '{}',
        '+',
      ]);
      await runner.run(['chown', '--recursive', '--no-dereference', `${NOBODY}:${NOBODY}`, ...given]);
      expect(await pushed(second, { user: asNobody, home })).toEqual(reused(images));
      // Nx cannot compare with what a shallow clone does not have; it must say so, not build less.
      const base = '1'.repeat(40);
      const affected = await runNx(second, ['affected', '-t', 'docker-push', `--base=${base}`], {
        as: asNobody,
        env: { HOME: home },
      });
      expect(affected).toMatchObject({ status: 1, output: expect.stringContaining(base) });
    } finally {
      process.umask(mask);
    }
  });

  it('stay when a base from outside moves, until `nx g base-images` is run; then what stands on it gets others', async () => {
    const before = readFileSync(join(workspace.root, lockFile), 'utf8');
    const moved = await pushOutside('second\n');
    expect(before).not.toContain(moved);
    expect(await pushed(workspace.root)).toEqual(reused(images));

    const { status, output } = await workspace.nx('g', 'base-images');
    expect(status).toBe(0);
    expect(output).toMatch(new RegExp(`~ ${outside}  sha256:[0-9a-f]{64} → ${moved}`));
    expect(json(workspace.root, lockFile)).toEqual({ [outside]: moved });
    const after = await pushed(workspace.root);
    expect(after).toEqual({
      alone: { outcome: 'reused', tag: images['alone']?.tag },
      tools: { outcome: 'built', tag: expect.not.stringContaining(images['tools']!.tag) },
      page: { outcome: 'built', tag: expect.not.stringContaining(images['page']!.tag) },
    });
    const id = (
      await runner.run(['docker', 'create', `${registry}/page:${after['page']!.tag}`, '/x'])
    ).stdout.trim();
    try {
      await runner.run(['docker', 'cp', `${id}:/content`, join(workspace.root, 'content')]);
    } finally {
      await runner.run(['docker', 'rm', id]);
    }
    expect(readFileSync(join(workspace.root, 'content'), 'utf8')).toBe('second\n');
  });

  it('of another commit are computed from its files, and nothing is built for it', async () => {
    const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const context = { root: workspace.root, projectName: 'prod' };
    const before = await git(workspace.root, 'status', '--porcelain', '--ignored');
    try {
      // The workspace itself stands on another base meanwhile.
      const found = await imagesAt('HEAD', ['page', 'alone'], context);
      for (const name of ['page', 'alone']) {
        const digest = await asked.digestOf(`${registry}/${name}:${images[name]!.tag}`);
        expect(found.images[name]).toBe(`${registry}/${name}@${digest}`);
      }
      const { stdout: head } = await git(workspace.root, 'rev-parse', 'HEAD');
      expect(found.commit).toBe(head.trim());
      await expect(imagesAt('nowhere', ['page'], context)).rejects.toThrow('There is no commit nowhere');
    } finally {
      printed.mockRestore();
    }
    expect(await git(workspace.root, 'status', '--porcelain', '--ignored')).toEqual(before);
    expect((await git(workspace.root, 'worktree', 'list')).stdout.trim().split('\n')).toHaveLength(1);
  });

  it('are shown at a terminal while they are made, with nothing of Nx over it and the sums at the end', async () => {
    workspace.write('docker/page/bin/start', 'exec false\n');
    const run = await runNx(workspace.root, ['run-many', '-t', 'docker-build', '-p', 'page'], {
      terminal: true,
      env: { NX_TUI: 'true' },
    });
    if (run.status !== 0) throw new Error(run.output);
    // A line that changes, which is erased; none of Nx's spinners; and what stays.
    const escape = '\u001b';
    expect(run.output).toMatch(
      new RegExp(`  page  build +\\d\\.\\d s[^${escape}]*1 done[^${escape}]*${escape}\\[2A`),
    );
    expect(run.output).not.toMatch(/Executing|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] +nx run/u);
    expect(run.output).toMatch(/1 image: 1 built, 0 reused, 0 failed {2}\([\d.]+ s\)\r?\n/);
  });

  it("are Nx's own hash of the task", async () => {
    workspace.write('docker/alone/Dockerfile', 'FROM scratch\nCOPY Dockerfile /another\n');
    // A task of a batch has no variables of its own.
    const run = await runNx(workspace.root, ['docker-build', 'alone'], { env: { NX_BATCH_MODE: 'false' } });
    if (run.status !== 0) throw new Error(run.output);
    const { images: built } = json(workspace.root, '.berth/images.json') as ImageRecord;
    expect(readFileSync(join(workspace.root, 'docker/alone/hash'), 'utf8')).toBe(built['alone']?.tag);
  });
});
