import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '@berth/engines';
import { ProcessRunner, ProgramError } from '@berth/exec';
import { UserError } from '@berth/model';
import { refuseFailures } from './image-result';
import { askByTag } from './ask-by-tag';
import type { Until } from './image-record';
import { makeImages, type MakeOptions } from './make-images';
import { EngineStandIn, RegistryStandIn, TestWorkspace } from './stand-ins';

describe('makeImages', () => {
  let workspace: TestWorkspace;
  let registry: RegistryStandIn;
  let engine: EngineStandIn;
  let events: string[];

  const make = (
    projects: string[],
    until: Until = 'push',
    parallel = 2,
    by: Engine = engine,
    options: Partial<MakeOptions> = {},
  ) =>
    makeImages(
      projects,
      { until, parallel, ...options },
      {
        workspace: workspace.workspace,
        runner: workspace.runner,
        registry,
        engine: by,
        services: () => [],
        devPackages: [],
        report: {
          asked: ({ missing }) => events.push(`missing ${missing.join(',')}`),
          targets: (target, names) => events.push(`${target} of ${names.join(',')}`),
          step: (project, step) => events.push(`${project} ${step}`),
          line: () => undefined,
          finished: ({ project, outcome }) => events.push(`${project} ${outcome}`),
        },
        clock: () => 0,
      },
    );
  const outcomes = async (...parameters: Parameters<typeof make>) =>
    Object.fromEntries((await make(...parameters)).map(({ project, outcome }) => [project, outcome]));

  beforeEach(() => {
    workspace = new TestWorkspace();
    workspace.write('.gitignore', 'dist/\nrootfs.tar\n.berth/\n');
    registry = new RegistryStandIn();
    engine = new EngineStandIn(registry);
    events = [];
    workspace.image('debian');
    workspace.image('node', { bases: { BASE: 'debian' } });
    workspace.service('web', 'node');
    workspace.service('pricing', 'node');
  });
  afterEach(() => workspace.remove());

  it('builds the bases first, each once, and gives what stands on them their digests', async () => {
    const results = await make(['web', 'pricing']);
    expect(results.map(({ project, outcome }) => [project, outcome])).toEqual([
      ['debian', 'built'],
      ['node', 'built'],
      ['pricing', 'built'],
      ['web', 'built'],
    ]);
    const order = engine.built.map(({ reference }) => /berth\/(\w+):/.exec(reference)?.[1]);
    expect(order.slice(0, 2)).toEqual(['debian', 'node']);
    const node = results.find(({ project }) => project === 'node');
    expect(engine.built[2]?.args).toEqual({ BASE: `localhost:5000/berth/node@${node?.digest}` });
    expect(results.every(({ digest, reference = '' }) => digest === registry.digests.get(reference))).toBe(
      true,
    );
  });

  it('builds nothing and asks for no engine when the registry has everything', async () => {
    await make(['web']);
    const { built, checks } = engine;
    expect(await outcomes(['web'])).toEqual({ web: 'reused' });
    expect(engine.built).toHaveLength(built.length);
    expect(engine.checks).toBe(checks);
  });

  describe('with tags that are known', () => {
    const tagsNow = async () =>
      new Map((await make(['web', 'pricing'])).map(({ project, tag = '' }) => [project, tag]));
    const makeBy = async (tags: ReadonlyMap<string, string>, ...projects: string[]) => {
      const asked = await askByTag(projects, tags, workspace.workspace.options, registry);
      return make(projects, 'push', 2, engine, { asked });
    };

    it('plans nothing of what the registry has by them', async () => {
      const tags = await tagsNow();
      workspace.write('apps/web/image.json', 'not read');
      expect(await makeBy(tags, 'web')).toMatchObject([{ project: 'web', outcome: 'reused' }]);
    });

    it('plans and builds what it lacks, and takes each from where it is known', async () => {
      const tags = await tagsNow();
      registry.digests.delete(`localhost:5000/berth/web:${tags.get('web')}`);
      expect(await makeBy(tags, 'web', 'pricing')).toMatchObject([
        { project: 'pricing', outcome: 'reused' },
        { project: 'web', outcome: 'built' },
      ]);
    });

    it('asks the registry once for what it lacks, and the engine once whether it is there', async () => {
      const tags = await tagsNow();
      const reference = `localhost:5000/berth/web:${tags.get('web')}`;
      registry.digests.delete(reference);
      registry.asked.length = engine.checks = 0;
      await makeBy(tags, 'web');
      expect(registry.asked.filter((asked) => asked === reference)).toHaveLength(1);
      expect(engine.checks).toBe(1);
    });

    it('asks once for what it cannot be asked for', async () => {
      const tags = await tagsNow();
      const failure = new UserError('the registry is not there');
      const ask = jest.spyOn(registry, 'digestOf').mockRejectedValue(failure);
      const [web] = await makeBy(tags, 'web');
      expect(web).toMatchObject({ outcome: 'failed', failure });
      expect(ask).toHaveBeenCalledTimes(1);
    });
  });

  it('builds the one service that changed', async () => {
    await make(['web', 'pricing']);
    workspace.write('apps/web/src/main.ts', 'new');
    expect(await outcomes(['web', 'pricing'])).toEqual({ web: 'built', pricing: 'reused' });
  });

  it('does not build a base for what the registry has already', async () => {
    const [web] = (await make(['web'])).slice(-1);
    registry.digests.clear();
    registry.put(web?.reference ?? '');
    expect(await outcomes(['web'])).toEqual({ web: 'reused' });
  });

  it('asks the registry for all of them before it builds any', async () => {
    engine.onBuild = () => expect(new Set(registry.asked).size).toBe(4) as void;
    await make(['web', 'pricing']);
    expect(engine.built).toHaveLength(4);
  });

  it('lets one failure neither hide nor stop the others', async () => {
    engine.onBuild = ({ reference }) => {
      if (reference.includes('/web:')) throw new UserError('its Dockerfile is wrong');
    };
    const results = await make(['web', 'pricing']);
    expect(results.map(({ project, outcome }) => `${project} ${outcome}`)).toEqual([
      'debian built',
      'node built',
      'pricing built',
      'web failed',
    ]);
    expect(() => refuseFailures(results)).toThrow('web: its Dockerfile is wrong');
  });

  it('ends what is being made after the first failure when that is asked for, and names what was not tried', async () => {
    for (const name of ['a', 'b', 'c']) workspace.service(name, 'node');
    let begun = (): void => undefined;
    const isBegun = new Promise<void>((resolve) => (begun = resolve));
    engine.onBuild = async ({ reference, signal }) => {
      if (reference.includes('/a:')) {
        await isBegun;
        throw new UserError('its Dockerfile is wrong');
      }
      if (!reference.includes('/b:')) return;
      begun();
      const aborted = { argv: ['docker', 'build'], exitCode: -1, stdout: '', stderr: '' };
      await new Promise((_, reject) =>
        signal?.addEventListener('abort', () => reject(new ProgramError(aborted, { kind: 'aborted' }))),
      );
    };
    const results = await make(['a', 'b', 'c'], 'push', 2, engine, { bail: true });
    expect(results.map(({ project, outcome }) => `${project} ${outcome}`)).toEqual([
      'a failed',
      'b stopped',
      'c untried',
      'debian built',
      'node built',
    ]);
    expect(events).not.toContain('c build');
    expect(() => refuseFailures(results)).toThrow('a: its Dockerfile is wrong');
  });

  it('does not try what stands on a failed base when the first failure ends all', async () => {
    engine.onBuild = () => {
      throw new UserError('no space left');
    };
    const results = await make(['web'], 'push', 2, engine, { bail: true });
    expect(results.map(({ project, outcome }) => `${project} ${outcome}`)).toEqual([
      'debian failed',
      'node untried',
      'web untried',
    ]);
  });

  it('fails what stands on a failed base, naming the base that broke', async () => {
    engine.onBuild = ({ reference }) => {
      if (reference.includes('/debian:')) throw new Error('no space left');
    };
    const results = await make(['web']);
    expect(results.map(({ project, failure }) => [project, failure?.message])).toEqual([
      ['debian', 'no space left'],
      ['node', 'It stands on debian, which failed.'],
      ['web', 'It stands on debian, which failed.'],
    ]);
    expect(engine.pushed).toEqual([]);
  });

  it('never pushes an image that failed its test', async () => {
    engine.configuredUser = 'root';
    expect(await outcomes(['web'])).toEqual({ debian: 'built', node: 'built', web: 'failed' });
    expect(engine.pushed.some((reference) => reference.includes('/web:'))).toBe(false);
  });

  it('goes as far as it was told, with bases by tag while they are not pushed', async () => {
    expect(await outcomes(['node'], 'build')).toEqual({ debian: 'built', node: 'built' });
    expect(engine.pushed).toEqual([]);
    expect(events).not.toContain('node test');
    expect(engine.built[1]?.args['BASE']).toBe(engine.built[0]?.reference);
    await make(['node'], 'test');
    expect(events).toContain('node test');
    expect(engine.pushed).toEqual([]);
  });

  it('builds nothing for an image that the engine cannot make, and makes the others', async () => {
    workspace.service('web', 'node', { builder: { image: 'node', command: ['make'] } });
    const builder: Engine = {
      name: 'buildah',
      check: () => engine.check(),
      build: (request) => engine.build(request),
      push: (reference) => engine.push(reference),
      files: () => engine.files(),
      user: () => engine.user(),
    };
    const results = await make(['web', 'pricing'], 'push', 2, builder);
    expect(results.map(({ project, outcome }) => `${project} ${outcome}`)).toEqual([
      'debian built',
      'node built',
      'pricing built',
      'web failed',
    ]);
  });

  it('starts no Nx target when the engine is not there', async () => {
    workspace.service('web', 'node', { target: 'build' });
    engine.check = async () => {
      throw new UserError('the engine is not there');
    };
    expect((await make(['web']))[0]?.failure?.message).toBe('the engine is not there');
    expect(events.some((event) => event.startsWith('build of'))).toBe(false);
    expect(engine.built).toEqual([]);
  });

  it('keeps to its bound of builds at a time', async () => {
    for (const name of ['a', 'b', 'c', 'd']) workspace.service(name, 'node');
    await make(['node']);
    let most = 0;
    const held: (() => void)[] = [];
    // Each build goes on when a second one is there, and any third had the time to come.
    engine.onBuild = () =>
      new Promise((resolve) => {
        most = Math.max(most, held.push(resolve));
        if (held.length === 2) setImmediate(() => held.splice(0).forEach((go) => go()));
      });
    await make(['a', 'b', 'c', 'd'], 'push', 2);
    expect(most).toBe(2);
  });

  it('fails an image of which the registry cannot say whether it has it, and builds it not', async () => {
    registry.digestOf = async () => {
      throw new UserError('the registry does not answer');
    };
    expect(await outcomes(['web'])).toEqual({ web: 'failed' });
    expect(engine.built).toEqual([]);
    expect(events[0]).toBe('missing ');
  });

  it('runs the Nx target of all that are missing in one Nx, and finds out which one failed', async () => {
    workspace.service('web', 'node', { target: 'build' });
    workspace.service('pricing', 'node', { target: 'build' });
    workspace.write('package.json', {});
    workspace.write('node_modules/nx/bin/nx.js', '');
    const failure = (argv: readonly string[]) =>
      new ProgramError(
        { argv, exitCode: 1, stdout: '', stderr: 'syntax error' },
        { kind: 'exit', exitCode: 1 },
      );
    workspace.runner.when(
      (argv) => argv.includes('run-many'),
      (argv) => (argv.join(' ').includes('web') ? failure(argv) : {}),
    );
    expect(await outcomes(['web', 'pricing'])).toMatchObject({ web: 'failed', pricing: 'built' });
    const runs = workspace.runner.runs.filter(({ argv }) => argv.includes('run-many'));
    expect(runs.map(({ argv }) => argv[argv.indexOf('-p') + 1])).toEqual(['pricing,web', 'pricing', 'web']);
    expect(runs[0]?.env).toMatchObject({ NX_TASK_HASH: undefined, NX_DAEMON: 'false' });
  });

  it('builds from the files of the hash and the results alone, readable for every user', async () => {
    workspace.service('web', 'node', {
      prepare: ['sh', '{project}/make'],
      builder: { image: 'node', command: ['make'] },
    });
    workspace.write('apps/web/README.md', 'not in it');
    workspace.write('apps/web/.env', 'not in it');
    workspace.write('.gitignore', 'dist/\nrootfs.tar\n.berth/\n.env\n');
    workspace.write('apps/web/rootfs.tar', 'prepared', 0o600);
    workspace.write('apps/web/bin/start', 'program', 0o700);
    engine.runToEnd = async (_, { mounts }) => {
      if (mounts) workspace.write('apps/web/dist/index.html', 'built');
      return 0;
    };
    const seen: Record<string, boolean | string> = {};
    engine.onBuild = async ({ reference, context, labels }) => {
      if (!reference.includes('/web:')) return;
      for (const path of [
        'Dockerfile',
        'src/main.ts',
        'rootfs.tar',
        'dist/index.html',
        'README.md',
        '.env',
        'service.json',
      ]) {
        seen[path] = existsSync(join(context, path));
      }
      const { stdout } = await new ProcessRunner().run(
        ['stat', '--format=%a %Y', 'rootfs.tar', 'bin/start'],
        { cwd: context },
      );
      seen['rights'] = stdout;
      expect(labels).toEqual({
        'org.opencontainers.image.title': 'web',
        'berth.dev/inputs': expect.any(String),
      });
    };
    expect(await outcomes(['web'])).toMatchObject({ web: 'built' });
    expect(seen).toEqual({
      Dockerfile: true,
      'src/main.ts': true,
      'rootfs.tar': true,
      'dist/index.html': true,
      'README.md': false,
      '.env': false,
      'service.json': false,
      rights: '644 315532800\n755 315532800\n',
    });
    expect(workspace.runner.lines).toContain(`sh '${workspace.root}/apps/web/make'`);
    expect(existsSync(engine.built.at(-1)?.context ?? '')).toBe(false);
  });

  it('refuses a builder that left nothing', async () => {
    workspace.service('web', 'node', { builder: { image: 'node', command: ['make'], output: 'out' } });
    const results = await make(['web']);
    expect(results.at(-1)?.failure?.message).toBe(
      'In a container of node, make left nothing in apps/web/out.',
    );
  });

  it('shows what the builder said when it failed', async () => {
    workspace.service('web', 'node', { builder: { image: 'node', command: ['make'] } });
    engine.exit = 2;
    expect((await make(['web'])).at(-1)?.failure?.message).toBe(
      'In a container of node, make exited with code 2:\n  said by the container',
    );
  });

  it('does not push what was built from files that changed meanwhile', async () => {
    engine.onBuild = ({ reference }) => {
      if (reference.includes('/web:')) workspace.write('apps/web/src/main.ts', 'saved by the editor');
    };
    const results = await make(['web']);
    expect(results.at(-1)?.failure).toMatchObject({
      message: 'Files changed while its image was built: apps/web/src/main.ts.',
      hint: 'Run it again.',
    });
    expect(engine.pushed.some((reference) => reference.includes('/web:'))).toBe(false);
  });

  it('refuses a prepare whose result git does not ignore, for it would change the next tag', async () => {
    workspace.image('debian', { prepare: ['make'] });
    engine.onBuild = () => workspace.write('docker/debian/root.tar', 'prepared');
    const results = await make(['debian']);
    expect(results[0]?.failure).toMatchObject({
      message: expect.stringContaining('Its prepare wrote docker/debian/root.tar, which git does not ignore'),
      hint: 'Add it to .gitignore.',
    });
  });

  it('reads nothing of a workspace that changed between two runs from the first', async () => {
    await make(['web']);
    workspace.write('docker/debian/Dockerfile', 'FROM scratch\nENV A=1\n');
    expect(await outcomes(['web'])).toEqual({ debian: 'built', node: 'built', web: 'built' });
    expect(readFileSync(join(workspace.root, 'docker/debian/Dockerfile'), 'utf8')).toContain('ENV A=1');
  });
});
