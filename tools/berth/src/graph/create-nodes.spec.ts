import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { NxJsonConfiguration, ProjectConfiguration } from '@nx/devkit';
import { createNodesV2 } from './create-nodes';

describe('createNodesV2', () => {
  let root: string;
  /** The folders that the last run made projects of. */
  let roots: string[];
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'berth wörkspace-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** What the plugin makes of these files: by project, the problem that its targets tell, or their names. */
  async function projects(files: Record<string, unknown>, options: unknown = {}): Promise<object> {
    return Object.fromEntries((await made(files, options)).map((project) => [project.name, told(project)]));
  }

  /** By project, the inputs of docker-push. */
  async function inputs(files: Record<string, unknown>): Promise<object> {
    const projects = await made(files, {});
    return Object.fromEntries(projects.map(({ name, targets }) => [name, targets?.['docker-push']?.inputs]));
  }

  async function made(files: Record<string, unknown>, options: unknown) {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
    }
    const nxJson = { plugins: [{ plugin: '@berth/nx', options }] } as NxJsonConfiguration;
    const [, create] = createNodesV2;
    const markers = Object.keys(files).filter((path) => path.endsWith('.json'));
    const results = await create(markers, {}, { nxJsonConfiguration: nxJson, workspaceRoot: root });
    roots = results.flatMap(([, result]) => Object.keys(result.projects ?? {}));
    return results.flatMap(([, result]) => Object.values(result.projects ?? {}));
  }

  function told({ targets = {} }: Partial<ProjectConfiguration>): unknown {
    const problems = Object.values(targets).flatMap(({ executor, options }) =>
      executor === '@berth/nx:invalid' ? [(options as { problem: string }).problem] : [],
    );
    return problems[0] ?? Object.keys(targets);
  }

  const images = ['docker-build', 'docker-test', 'docker-push'];
  const well = {
    'apps/web/service.json': {},
    'docker/node/image.json': {},
    'deploy/environments/42/env.json': { projects: ['web'] },
    'deploy/clusters/local/cluster.json': { provider: 'existing' },
  };

  it('keeps what is wrong in a file to its own folder, with line and column, or path and nearest name', async () => {
    const found = await projects({
      ...well,
      'apps/a/service.json': '{\n  "ports": [,]\n}',
      'apps/b/service.json': { prots: [] },
      'docker/c/image.json': '{"test": {}\n "args": {}}',
      'docker/d/image.json': { basis: {} },
      'deploy/environments/e/env.json': '{"projects"}',
      'deploy/environments/F/env.json': { projects: ['web'] },
      'deploy/clusters/g/cluster.json': { provider: 'gek' },
    });
    expect(found).toMatchObject({
      web: images,
      node: images,
      42: [
        'deploy',
        'diff',
        'status',
        'history',
        'rollback',
        'scale',
        'restart',
        'secret',
        'logs',
        'routes',
        'destroy',
      ],
      'cluster-local': ['create', 'credentials', 'status', 'resize', 'remove-hosts', 'stop', 'destroy'],
      a: 'apps/a/service.json: is no JSON: line 2, column 13: expected a value',
      b: expect.stringMatching(
        /^apps\/b\/service\.json at prots: is no field here.*did you mean "ports"\?\)$/,
      ),
      c: 'docker/c/image.json: is no JSON: line 2, column 2: expected , or }',
      d: expect.stringMatching(
        /^docker\/d\/image\.json at basis: is no field here.*did you mean "bases"\?\)$/,
      ),
      e: 'deploy/environments/e/env.json: is no JSON: line 1, column 12: expected : after the field name',
      F: expect.stringMatching(/^deploy\/environments\/F\/env\.json: the environment's name must be/),
      'cluster-g': expect.stringContaining('did you mean "gke"?'),
    });
  });

  it.each([
    [
      { regsitry: 'x' },
      /^nx\.json at plugins\[0\]\.options\.regsitry: is no field here.*did you mean "registry"\?\)$/,
    ],
    ['docker', /^nx\.json at plugins\[0\]\.options: must be an object/],
  ])(
    'has what goes by wrong options of the plugin tell it, and leaves the clusters alone: %j',
    async (options, problem) => {
      const said = expect.stringMatching(problem);
      expect(await projects(well, options)).toEqual({
        ...{ web: said, node: said, 42: said },
        'cluster-local': ['create', 'credentials', 'status', 'resize', 'remove-hosts', 'stop', 'destroy'],
        berth: ['affected', 'clusters', 'destroy'],
      });
    },
  );

  it('has a project berth for what is of the whole workspace, once there is a cluster', async () => {
    expect(await projects({ 'apps/web/service.json': {} })).not.toHaveProperty('berth');
    expect(await projects(well)).toHaveProperty('berth', ['affected', 'clusters', 'destroy']);
    expect(roots).toContain('deploy');
  });

  it('takes the project of that name for it where there is one', async () => {
    await projects({ ...well, 'tools/berth/package.json': { name: 'berth' } });
    expect(roots).toContain('tools/berth');
    expect(roots).not.toContain('deploy');
  });

  it('gives a service without a Dockerfile the targets that say so, unless it runs someone else’s image', async () => {
    const found = await projects({
      'apps/web/service.json': {},
      'apps/store/service.json': { image: 'postgres:17.2' },
    });
    expect(found).toEqual({ web: images, store: [] });
  });

  it('lets the lock file of base images affect what stands on one from outside, and nothing else', async () => {
    const found = await inputs({
      'docker/own/image.json': {},
      'docker/own/Dockerfile': 'FROM scratch\n',
      'docker/outside/image.json': {},
      'docker/outside/Dockerfile': 'FROM debian:13\n',
      'apps/web/service.json': {},
      'apps/web/image.json': { bases: { BASE: 'own' } },
      'apps/web/Dockerfile': 'ARG BASE=debian:13\nFROM ${BASE}\n',
      'apps/wrong/service.json': {},
      'apps/wrong/Dockerfile': 'FROM ${BASE}\n',
    });
    const lock = '{workspaceRoot}/docker/base-images.lock.json';
    expect(found).toEqual({
      own: ['default', '^default'],
      outside: ['default', '^default', lock],
      web: ['default', '^default'],
      wrong: ['default', '^default', lock],
    });
  });
});
