import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { goBuild, ProcessRunner } from '@berth/exec';
import type { BerthOptions } from '../options';
import { ensureImages, imageTags } from './index';
import { makeAndReport } from './make-and-report';
import { TestWorkspace } from './stand-ins';
import { removeDockerImages, writeServers } from './testing-images';

jest.setTimeout(180_000);

describe('images with a real engine and registry', () => {
  const runner = new ProcessRunner();
  const options: BerthOptions = {
    registry: `localhost:5000/berth-test-${randomUUID().slice(0, 8)}`,
    insecureRegistries: [],
    engine: 'docker',
    domain: 'localhost',
    platforms: [],
  };
  let workspace: TestWorkspace;
  let printed: string[];

  const context = () => ({ root: workspace.root, projectGraph: workspace.graph, isVerbose: false });
  const outcomes = async (...projects: string[]) =>
    Object.fromEntries(
      (await makeAndReport(projects, 'push', options, context())).map(({ project, outcome }) => [
        project,
        outcome,
      ]),
    );

  beforeAll(async () => {
    workspace = new TestWorkspace();
    await writeServers(workspace);
    workspace.write('docker/base/image.json', {
      prepare: ['cp', '../../cache/program', '{project}/program'],
      test: { command: ['/program', 'version'] },
    });
  });
  beforeEach(() => {
    printed = [];
    jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(async () => {
    await removeDockerImages(options.registry);
    workspace.remove();
  });

  it('knows that the registry has none, then builds, tests and pushes them, and knows their digests', async () => {
    expect(await imageTags(['web', 'pricing'], options, context())).toEqual({
      web: undefined,
      pricing: undefined,
    });
    const images = await ensureImages(['web', 'pricing'], options, context());
    expect(images['web']).toMatch(new RegExp(`^${options.registry}/web@sha256:[0-9a-f]{64}$`));
    expect(await imageTags(['web', 'pricing'], options, context())).toEqual(images);
    expect(printed.at(-1)).toMatch(/^3 images: 3 built, 0 reused, 0 failed, \d+\.\d MB pushed/);
    const record = JSON.parse(readFileSync(join(workspace.root, '.berth/images.json'), 'utf8')) as {
      images: Record<string, { outcome: string; digest: string; bytes: number }>;
    };
    expect(record.images['base']).toMatchObject({ outcome: 'built', bytes: expect.any(Number) });
    expect(images['web']).toContain(record.images['web']?.digest);
  });

  it('builds nothing the second time, one image after a change, and none after a change of its README', async () => {
    expect(await outcomes('web', 'pricing')).toEqual({ web: 'reused', pricing: 'reused' });
    workspace.write('apps/web/note', 'changed\n');
    expect(await outcomes('web', 'pricing')).toEqual({ web: 'built', pricing: 'reused' });
    workspace.write('apps/pricing/README.md', 'changed\n');
    expect(await outcomes('web', 'pricing')).toEqual({ web: 'reused', pricing: 'reused' });
  });

  it('runs what the registry has', async () => {
    const { pricing = '' } = await imageTags(['pricing'], options, context());
    await runner.run(['docker', 'image', 'rm', '--force', pricing], { expect: [0, 1] });
    const { exitCode } = await runner.run(['docker', 'run', '--rm', pricing, 'version']);
    expect(exitCode).toBe(0);
  });

  it('does not push an image whose container ends, and shows its last lines', async () => {
    workspace.write('apps/web/note', 'broken\n');
    expect(await outcomes('web', 'pricing')).toEqual({ web: 'failed', pricing: 'reused' });
    expect(printed.join('\n')).toContain('the note is broken');
    expect(await imageTags(['web'], options, context())).toEqual({ web: undefined });
    workspace.write('apps/web/note', 'changed\n');
  });

  it('ends what is being made when another one fails and that is asked for, and leaves no container', async () => {
    workspace.write('apps/web/note', 'broken\n');
    // A test that runs until it is ended.
    const bases = { BASE: 'base' };
    workspace.write('apps/pricing/image.json', { bases, test: { command: ['/program'] } });
    workspace.write('apps/pricing/note', 'longer\n');
    const results = await makeAndReport(['web', 'pricing'], 'push', options, context(), { bail: true });
    const outcomes = results.map(({ project, outcome }) => [project, outcome]);
    expect(Object.fromEntries(outcomes)).toEqual({ web: 'failed', pricing: 'stopped' });
    expect(printed.at(-1)).toMatch(/^2 images: 0 built, 0 reused, 1 failed, 1 stopped/);
    for (const { reference = '' } of results) {
      const listed = ['docker', 'ps', '--all', '--quiet', '--filter', `ancestor=${reference}`];
      expect((await runner.run(listed)).stdout).toBe('');
    }
    workspace.write('apps/pricing/image.json', { bases });
    workspace.write('apps/web/note', 'changed\n');
  });

  it('refuses a service that would run as root', async () => {
    workspace.write(
      'apps/web/Dockerfile',
      'ARG BASE\nFROM ${BASE}\nCOPY note /note\nENTRYPOINT ["/program"]\n',
    );
    await expect(ensureImages(['web'], options, context())).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('runs as root'),
    });
  });

  it('compiles in a container that has the tools, and shares the result with the host', async () => {
    workspace.image('builder', { bases: { BASE: 'base' } });
    workspace.write('docker/builder/Dockerfile', 'ARG BASE\nFROM ${BASE}\nCOPY compile /compile\n');
    mkdirSync(join(workspace.root, 'compiler'), { recursive: true });
    workspace.write(
      'compiler/main.go',
      'package main\nimport "os"\nfunc main() { if os.WriteFile("dist/result", []byte("compiled"), 0600) != nil { os.Exit(1) } }\n',
    );
    const { argv, env } = goBuild({ sources: ['main.go'], output: '../docker/builder/compile' });
    await runner.run(argv, { cwd: join(workspace.root, 'compiler'), env });
    workspace.service('page', 'base', { builder: { image: 'builder', command: ['/compile'] } });
    workspace.write(
      'apps/page/Dockerfile',
      'ARG BASE\nFROM ${BASE}\nCOPY dist/ /srv/\nUSER 1000\nENTRYPOINT ["/program"]\n',
    );
    copyFileSync(
      join(workspace.root, 'apps/pricing/service.json'),
      join(workspace.root, 'apps/page/service.json'),
    );
    expect(await outcomes('page')).toEqual({ builder: 'built', page: 'built' });
    expect(readFileSync(join(workspace.root, 'apps/page/dist/result'), 'utf8')).toBe('compiled');
    const { page = '' } = await imageTags(['page'], options, context());
    const { stdout: id } = await runner.run(['docker', 'create', page]);
    const copy = join(workspace.root, 'copied');
    await runner.run(['docker', 'cp', `${id.trim()}:/srv/result`, copy]);
    await runner.run(['docker', 'rm', id.trim()]);
    expect(readFileSync(copy, 'utf8')).toBe('compiled');
  });
});
