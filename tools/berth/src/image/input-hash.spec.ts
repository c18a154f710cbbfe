import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { InputFiles } from './input-files';
import { failed, planImages } from './plan';
import { TestWorkspace } from './stand-ins';

const outside = `sha256:${'1'.repeat(64)}`;

describe('the tag of an image', () => {
  let workspace: TestWorkspace;
  const made: TestWorkspace[] = [];

  const fresh = (name?: string) => {
    const fresh = new TestWorkspace(name);
    made.push(fresh);
    fresh.write('.gitignore', 'dist/\nrootfs.tar\nnode_modules/\n');
    fresh.write('tsconfig.base.json', '{}');
    fresh.image('node', { prepare: ['make'] });
    fresh.service('web', 'node', { target: 'build' });
    fresh.service('other', 'node', { target: 'build' });
    fresh.project('model', 'libs/model');
    fresh.write('libs/model/src/index.ts', 'export {};\n');
    fresh.npm('ws', '8.0.0');
    fresh.npm('deep', '1.0.0');
    fresh.npm('unrelated', '1.0.0');
    fresh.npm('esbuild', '0.27.0');
    fresh.npm('@nx/esbuild', '23.2.1');
    fresh.uses('web', 'node', 'model');
    fresh.uses('model', 'npm:ws');
    fresh.uses('npm:ws', 'npm:deep');
    fresh.uses('other', 'node');
    return fresh;
  };
  const tagOf = async (project = 'web', of = workspace, options = {}) => {
    const at = of.workspace;
    const plans = await planImages(
      [project],
      { ...at, options: { ...at.options, ...options } },
      new InputFiles(of.root, of.runner),
    );
    const plan = plans.get(project);
    if (plan === undefined || failed(plan)) throw plan?.failure ?? new Error('no plan');
    return plan.tag;
  };

  beforeEach(() => {
    workspace = fresh();
  });
  afterAll(() => {
    for (const each of made) each.remove();
  });

  it('is a tag, and the same in another folder, by another user, at another time', async () => {
    const clone = fresh('another name with spaces ');
    utimesSync(join(clone.root, 'apps/web/src/main.ts'), 0, 0);
    chmodSync(join(clone.root, 'apps/web/src/main.ts'), 0o600);
    expect(await tagOf()).toMatch(/^[0-9a-f]{40}$/);
    expect(await tagOf('web', clone)).toBe(await tagOf());
  });

  it.each<[string, (at: TestWorkspace) => void]>([
    ['a README', (at) => at.write('apps/web/README.md', 'new')],
    ['a test', (at) => at.write('apps/web/src/main.spec.ts', 'new')],
    ['a test of a library it uses', (at) => at.write('libs/model/src/index.spec.ts', 'new')],
    [
      'what describes its deployment',
      (at) => at.write('apps/web/service.json', { ports: [{ name: 'http', port: 8081 }] }),
    ],
    ['objects beside it', (at) => at.write('apps/web/kubernetes/role.yaml', 'new')],
    ['a build result', (at) => at.write('apps/web/dist/main.js', 'new')],
    ['what prepare wrote', (at) => at.write('docker/node/rootfs.tar', 'new')],
    ['another service', (at) => at.write('apps/other/src/main.ts', 'new')],
    ['a folder whose name begins alike', (at) => at.write('apps/web-admin/src/main.ts', 'new')],
    ['a package that it does not use', (at) => at.npm('unrelated', '2.0.0')],
    [
      'the order of fields in project.json',
      (at) => at.project('web', 'apps/web', { build: { options: {}, executor: '@nx/esbuild:esbuild' } }),
    ],
    [
      'the order of fields in image.json, and what is tested',
      (at) =>
        at.write('apps/web/image.json', {
          test: { health: false },
          target: 'build',
          bases: { BASE: 'node' },
        }),
    ],
    [
      'a base from outside that it does not stand on',
      (at) => at.write('docker/base-images.lock.json', { 'debian:13': outside }),
    ],
  ])('stays with %s', async (_, change) => {
    const before = await tagOf();
    change(workspace);
    expect(await tagOf()).toBe(before);
  });

  it.each<[string, (at: TestWorkspace) => void]>([
    ['a line of its source', (at) => at.write('apps/web/src/main.ts', 'new')],
    ['a new file that nobody committed', (at) => at.write('apps/web/src/new.ts', '')],
    ['a file that is gone', (at) => rmSync(join(at.root, 'apps/web/src/main.ts'))],
    ['a file that became a program', (at) => chmodSync(join(at.root, 'apps/web/src/main.ts'), 0o755)],
    [
      'another name of a file',
      (at) => {
        rmSync(join(at.root, 'apps/web/src/main.ts'));
        at.write('apps/web/src/start.ts', "console.log('web');\n");
      },
    ],
    [
      'a file that became a link',
      (at) => {
        rmSync(join(at.root, 'apps/web/src/main.ts'));
        symlinkSync('elsewhere', join(at.root, 'apps/web/src/main.ts'));
      },
    ],
    ['its Dockerfile', (at) => at.write('apps/web/Dockerfile', 'FROM scratch\n')],
    [
      'a build argument',
      (at) => at.write('apps/web/image.json', { bases: { BASE: 'node' }, target: 'build', args: { A: '1' } }),
    ],
    ['a library that it uses', (at) => at.write('libs/model/src/index.ts', 'new')],
    ['a package that the library uses', (at) => at.npm('ws', '8.0.1')],
    ['a package of a package', (at) => at.npm('deep', '1.0.1')],
    ['the same version with other content', (at) => at.npm('ws', '8.0.0', 'sha512-other')],
    ['its compiler', (at) => at.npm('esbuild', '0.28.0')],
    [
      'how it is compiled',
      (at) =>
        at.project('web', 'apps/web', {
          build: { executor: '@nx/esbuild:esbuild', options: { minify: true } },
        }),
    ],
    ["the workspace's TypeScript settings", (at) => at.write('tsconfig.base.json', '{"a":1}')],
    ['its base', (at) => at.write('docker/node/Dockerfile', 'FROM scratch\nENV A=1\n')],
  ])('changes with %s', async (_, change) => {
    const before = await tagOf();
    change(workspace);
    expect(await tagOf()).not.toBe(before);
  });

  it('changes with the engine and the platforms', async () => {
    const tags = [
      await tagOf(),
      await tagOf('web', workspace, { engine: 'podman' }),
      await tagOf('web', workspace, { platforms: ['linux/s390x'] }),
    ];
    expect(new Set(tags).size).toBe(3);
  });

  it("reaches through bases of bases and the builder's image", async () => {
    workspace.image('debian');
    workspace.image('node', { bases: { BASE: 'debian' } });
    workspace.image('builder');
    workspace.service('page', 'node', { builder: { image: 'builder', command: ['make'] } });
    const first = await tagOf('page');
    workspace.write('docker/debian/packages', 'date: 2026-01-01');
    const second = await tagOf('page');
    workspace.write('docker/builder/Dockerfile', 'FROM scratch\nENV A=1\n');
    expect(new Set([first, second, await tagOf('page')]).size).toBe(3);
  });

  it.each([
    ['a command', 'nx:run-commands'],
    ['an executor of the workspace', './tools/build:bundle'],
  ])('takes every package of the lock file for an input of %s, as Nx does', async (_, executor) => {
    workspace.project('web', 'apps/web', { build: { executor, options: {} } });
    const before = await tagOf();
    workspace.npm('unrelated', '2.0.0');
    expect(await tagOf()).not.toBe(before);
  });

  it('takes the packages that the inputs of its target name, where they do', async () => {
    const inputs = [{ externalDependencies: ['esbuild'] }];
    workspace.project('web', 'apps/web', { build: { executor: 'nx:run-commands', options: {}, inputs } });
    const before = await tagOf();
    workspace.npm('unrelated', '2.0.0');
    expect(await tagOf()).toBe(before);
    workspace.npm('esbuild', '0.28.0');
    expect(await tagOf()).not.toBe(before);
  });

  it('takes all that an unknown executor needs for an input, and TypeScript where it writes declarations', async () => {
    workspace.npm('@acme/build', '1.0.0');
    workspace.uses('npm:@acme/build', 'npm:tool');
    workspace.npm('tool', '1.0.0');
    workspace.npm('typescript', '6.0.3');
    const build = (executor: string, options: object) => {
      workspace.project('web', 'apps/web', { build: { executor, options } });
      return tagOf();
    };
    const before = [
      await build('@acme/build:bundle', {}),
      await build('@nx/esbuild:esbuild', { declaration: true }),
      await build('@nx/esbuild:esbuild', {}),
    ];
    workspace.npm('tool', '1.0.1');
    workspace.npm('typescript', '6.0.4');
    expect(await build('@acme/build:bundle', {})).not.toBe(before[0]);
    expect(await build('@nx/esbuild:esbuild', { declaration: true })).not.toBe(before[1]);
    expect(await build('@nx/esbuild:esbuild', {})).toBe(before[2]);
  });

  it('follows the targets of libraries that are built before its own', async () => {
    const build = { executor: '@nx/esbuild:esbuild', options: {}, dependsOn: ['^build'] };
    workspace.project('web', 'apps/web', { build });
    workspace.project('model', 'libs/model', { build: { executor: '@nx/esbuild:esbuild', options: {} } });
    const before = await tagOf();
    workspace.project('model', 'libs/model', {
      build: { executor: '@nx/esbuild:esbuild', options: { minify: true } },
    });
    expect(await tagOf()).not.toBe(before);
  });

  it('changes with the digest of its base from outside, and of that alone', async () => {
    workspace.write('docker/node/Dockerfile', 'ARG VERSION=13\nFROM debian:${VERSION}\n');
    workspace.write('docker/base-images.lock.json', { 'debian:13': outside, 'redis:8': outside });
    const before = await tagOf();
    const other = outside.replaceAll('1', '2');
    workspace.write('docker/base-images.lock.json', { 'redis:8': other, 'debian:13': outside });
    expect(await tagOf()).toBe(before);
    workspace.write('docker/base-images.lock.json', { 'redis:8': outside, 'debian:13': other });
    expect(await tagOf()).not.toBe(before);
  });

  it('takes no build result for an input where git does not ignore it', async () => {
    workspace.write('.gitignore', '');
    const before = await tagOf();
    workspace.write('apps/web/dist/main.js', 'new');
    expect(await tagOf()).toBe(before);
  });

  it('refuses a repository inside the project, whose files git does not list', async () => {
    mkdirSync(join(workspace.root, 'apps/web/inner/.git/objects'), { recursive: true });
    mkdirSync(join(workspace.root, 'apps/web/inner/.git/refs'));
    workspace.write('apps/web/inner/.git/HEAD', 'ref: refs/heads/main\n');
    await expect(tagOf()).rejects.toThrow('is a git repository inside this one');
  });

  it('says how git comes to trust a workspace of another user', async () => {
    workspace.runner.when(['git'], {
      exitCode: 128,
      stderr: `fatal: detected dubious ownership in repository at '${workspace.root}'`,
    });
    await expect(tagOf('node')).rejects.toMatchObject({
      name: 'UserError',
      hint: `git config --global --add safe.directory '${workspace.root}'`,
    });
  });

  it('asks for a repository where there is none', async () => {
    rmSync(join(workspace.root, '.git'), { recursive: true });
    await expect(tagOf('node')).rejects.toMatchObject({ name: 'UserError', hint: 'git init' });
  });
});

describe('planImages', () => {
  const workspace = new TestWorkspace();
  afterAll(() => workspace.remove());
  const plan = async (...projects: string[]) => {
    const plans = await planImages(
      projects,
      workspace.workspace,
      new InputFiles(workspace.root, workspace.runner),
    );
    return Object.fromEntries(
      [...plans].map(([name, each]) => [name, failed(each) ? each.failure.message : 'planned']),
    );
  };

  it('lets a wrong project fail alone, with those that stand on it', async () => {
    workspace.image('node');
    workspace.image('broken', { prepare: 'no list' });
    workspace.service('good', 'node');
    workspace.service('bad', 'broken');
    expect(await plan('good', 'bad')).toEqual({
      good: 'planned',
      node: 'planned',
      bad: 'It stands on broken, which failed.',
      broken: expect.stringContaining('docker/broken/image.json at prepare'),
    });
  });

  it('ends at a cycle, whichever project it starts from', async () => {
    workspace.image('a', { bases: { BASE: 'b' } });
    workspace.image('b', { bases: { BASE: 'a' } });
    workspace.image('self', { bases: { BASE: 'self' } });
    expect(await plan('a', 'b', 'self')).toEqual({
      a: 'a → b → a: an image cannot stand on itself.',
      b: 'b → a → b: an image cannot stand on itself.',
      self: 'self → self: an image cannot stand on itself.',
    });
  });

  it('finds the base that was meant', async () => {
    workspace.image('node');
    workspace.service('typo', 'nod');
    expect((await plan('typo'))['typo']).toContain('there is no project nod; did you mean "node"?');
  });

  it('names the target that is not there', async () => {
    workspace.service('untargeted', 'node', { target: 'bundle' });
    expect((await plan('untargeted'))['untargeted']).toContain('untargeted has no target bundle');
  });

  it('refuses a base from outside whose digest nobody has looked up, with the command to type', async () => {
    workspace.image('tools');
    workspace.write('docker/tools/Dockerfile', 'FROM scratch AS a\nFROM debian:13\n');
    const plans = await planImages(
      ['tools'],
      workspace.workspace,
      new InputFiles(workspace.root, workspace.runner),
    );
    expect(plans.get('tools')).toMatchObject({
      failure: {
        message:
          'docker/tools/Dockerfile:2: debian:13 comes from outside, and docker/base-images.lock.json does not say which one it is.',
        hint: 'nx g base-images --missing',
      },
    });
  });

  it.each([
    ['{', 'is no JSON: line 1'],
    ['[]', 'must be an object of digests by image'],
    ['{"debian:13":"13.1"}', 'at "debian:13": must be a digest'],
  ])('says what is wrong with a lock file of %s, and only to those that need it', async (text, problem) => {
    workspace.image('tools');
    workspace.write('docker/tools/Dockerfile', 'FROM debian:13\n');
    workspace.write('docker/base-images.lock.json', text);
    const found = await plan('tools', 'node');
    expect(found).toEqual({ node: 'planned', tools: expect.stringContaining(problem) });
  });

  it("has no plan for someone else's image", async () => {
    workspace.project('redis', 'apps/redis');
    workspace.write('apps/redis/service.json', {
      ports: [{ name: 'tcp', port: 6379, appProtocol: 'tcp' }],
      image: 'redis:7',
    });
    expect(await plan('redis')).toEqual({});
  });

  it('says what is missing of a project without a Dockerfile, and of none at all', async () => {
    workspace.project('lib', 'libs/lib');
    expect(await plan('lib', 'nothing')).toEqual({
      lib: 'libs/lib has no Dockerfile, so lib has no image.',
      nothing: 'There is no project nothing.',
    });
  });
});
