import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SmallWorkspace } from './testing-workspace';

jest.setTimeout(120_000);

describe('in a workspace', () => {
  let workspace: SmallWorkspace;
  let root: string;

  const write = (path: string, content: unknown) => workspace.write(path, content);
  const nx = (...args: string[]) => workspace.nx(...args);
  const generated = (environment: string, path: string) =>
    workspace.read(`deploy/environments/${environment}/${path}`);

  beforeAll(async () => {
    workspace = await SmallWorkspace.of({ registry: 'registry.example.com/small', domain: 'example.com' });
    root = workspace.root;
    write('deploy/clusters/local/cluster.json', { provider: 'bare-metal', hosts: ['localhost'] });
    write('apps/hello/project.json', { name: 'hello', tags: ['scope:demo'] });
    write('apps/hello/service.json', {
      ports: [{ name: 'http', port: 8080, public: true }],
      health: { path: '/healthz' },
    });
    write('apps/hello/Dockerfile', 'FROM scratch\n');
  });
  afterAll(() => workspace.remove());

  it('`nx g env 42` writes the environment 42, without asking', async () => {
    const { status, output } = await nx('g', 'env', '42');
    expect(output).toContain('CREATE deploy/environments/42/env.json');
    expect(status).toBe(0);
    const environment = JSON.parse(generated('42', 'env.json')) as { $schema: string };
    expect(environment).toMatchObject({ cluster: 'local', domain: 'example.com' });
    // Where editors look for it.
    expect(JSON.parse(generated('42', environment.$schema))).toMatchObject({
      title: expect.stringContaining('env.json'),
    });
    expect(generated('42', 'services/hello.yaml')).toContain('registry.example.com/small/hello');
  });

  it('`nx sync:check` passes as long as the files are what the models say', async () => {
    expect(await nx('sync:check')).toMatchObject({ status: 0 });
  });

  it('`nx sync:check` fails when a service changed, and `nx sync` mends it', async () => {
    write('apps/hello/service.json', {
      ports: [{ name: 'http', port: 9090, public: true }],
      health: { path: '/healthz' },
    });
    const check = await nx('sync:check');
    expect(check.status).toBe(1);
    expect(check.output).toContain('deploy/environments/42/services/hello.yaml');
    expect((await nx('sync')).status).toBe(0);
    expect(generated('42', 'services/hello.yaml')).toContain('9090');
    expect(await nx('sync:check')).toMatchObject({ status: 0 });
  });

  it('refuses an environment with the name of another project', async () => {
    const { status, output } = await nx('g', 'env', 'hello');
    expect(status).toBe(1);
    expect(output).toContain('The name hello belongs to the project in apps/hello already.');
    expect(existsSync(join(root, 'deploy/environments/hello'))).toBe(false);
  });

  it('keeps a wrong file and a taken name to their own folders', async () => {
    write('deploy/environments/broken/env.json', '{ "projects": }');
    write('deploy/environments/hello/env.json', { projects: ['*'] });
    const show = await nx('show', 'projects', '--json');
    expect(show.status).toBe(0);
    expect(JSON.parse(show.output.slice(show.output.indexOf('[')))).toEqual(
      expect.arrayContaining(['hello', '42', 'broken', 'deploy/environments/hello']),
    );
    const broken = await nx('deploy', 'broken');
    expect(broken).toMatchObject({
      status: 1,
      output: expect.stringContaining('deploy/environments/broken/env.json'),
    });
    expect((await nx('deploy', 'deploy/environments/hello')).output).toContain(
      'the name hello belongs to the project in apps/hello already',
    );
    const check = await nx('sync:check');
    expect(check).toMatchObject({ status: 1, output: expect.stringContaining('broken/env.json') });
    rmSync(join(root, 'deploy/environments/broken'), { recursive: true });
    rmSync(join(root, 'deploy/environments/hello'), { recursive: true });
  });

  it('refuses hosts that two environments come to, before a deploy asks the cluster', async () => {
    const hello = { ports: [{ name: 'http', port: 8080, public: true }] };
    const shared = 'comes to the host hello-a-b.example.com, which port http of hello';
    write('apps/hello-a/service.json', hello);
    write('deploy/environments/b/env.json', { projects: ['hello-a'] });
    write('deploy/environments/a-b/env.json', { projects: ['hello'] });
    for (const command of [['deploy', 'b'], ['sync:check']]) {
      const { status, output } = await nx(...command);
      expect(status).toBe(1);
      expect(output).toContain(shared);
      expect(output).not.toMatch(/^\s+at .*\(.*:\d+\)$/m);
    }
    expect(existsSync(join(root, 'deploy/environments/b/kustomization.yaml'))).toBe(false);
    for (const path of ['apps/hello-a', 'deploy/environments/b', 'deploy/environments/a-b'])
      rmSync(join(root, path), { recursive: true });
  });

  it('goes together with @nx/docker, whose targets have other names', async () => {
    const text = workspace.read('nx.json');
    const json = JSON.parse(text) as { plugins: unknown[] };
    write('nx.json', { ...json, plugins: [...json.plugins, { plugin: '@nx/docker' }] });
    const { status, output } = await nx('show', 'project', 'hello', '--json');
    expect(status).toBe(0);
    const { targets } = JSON.parse(output.slice(output.indexOf('{'))) as {
      targets: Record<string, { executor?: string; command?: string }>;
    };
    expect(targets['docker-build']?.executor).toBe('@berth/nx:image');
    expect(JSON.stringify(targets['docker:build'])).toContain('docker build');
    write('nx.json', text);
  });

  it('says that an option of the plugin is mistyped, and goes on listing the projects', async () => {
    const text = workspace.read('nx.json');
    write('nx.json', text.replace('"registry"', '"regsitry"'));
    const problem = 'nx.json at plugins[0].options.regsitry: is no field here';
    const { status, output } = await nx('docker-push', 'hello');
    expect(status).toBe(1);
    expect(output).toContain(problem);
    expect(output).toContain('did you mean "registry"?');
    expect(output).not.toMatch(/^\s+at .*\(.*:\d+\)$/m);
    expect(await nx('show', 'projects')).toMatchObject({
      status: 0,
      output: expect.stringContaining('hello'),
    });
    write('nx.json', text);
  });

  it('says what became of an engine that was named for this run, before the registry is asked', async () => {
    const { status, output } = await nx('docker-push', 'hello', '--engine', 'rkt');
    expect(status).toBe(1);
    expect(output).toMatch(/The image engine "rkt" cannot be used: .*archived.*podman took its place/);
    expect(output).toContain('--engine podman');
    expect(output).not.toContain('registry.example.com');
  });

  it('says where a Dockerfile is missing', async () => {
    const text = workspace.read('apps/hello/Dockerfile');
    rmSync(join(root, 'apps/hello/Dockerfile'));
    const { status, output } = await nx('docker-push', 'hello');
    expect(status).toBe(1);
    expect(output).toContain('apps/hello has no Dockerfile');
    expect(output).toContain('Write apps/hello/Dockerfile');
    write('apps/hello/Dockerfile', text);
  });

  it('runs a target of everything where no base is known, and fails when one does', async () => {
    const project = workspace.read('apps/hello/project.json');
    const command = (text: string) => ({ executor: 'nx:run-commands', options: { command: text } });
    write('apps/hello/project.json', {
      ...(JSON.parse(project) as object),
      targets: { good: command(`node -p "'it is ' + 'good'"`), bad: command('exit 3') },
    });
    const good = await nx('run', 'berth:affected', '--targets=good,lint', '--base=main');
    expect(good.output).toContain('Running good,lint of everything: the base main is not known here');
    expect(good).toMatchObject({ status: 0, output: expect.stringContaining('it is good') });
    expect(await nx('run', 'berth:affected', '--targets=bad')).toMatchObject({ status: 1 });
    // A workspace without anything to lint.
    expect(await nx('run', 'berth:affected', '--targets=lint')).toMatchObject({ status: 0 });
    write('apps/hello/project.json', project);
  });

  it('makes an environment depend on its services', async () => {
    const graph = join(root, 'graph.json');
    expect((await nx('graph', `--file=${graph}`)).status).toBe(0);
    const { dependencies } = (
      JSON.parse(readFileSync(graph, 'utf8')) as {
        graph: { dependencies: Record<string, { target: string }[]> };
      }
    ).graph;
    expect(dependencies['42']).toEqual([expect.objectContaining({ source: '42', target: 'hello' })]);
  });

  it('leaves a protected environment alone unless it is named', async () => {
    const file = 'deploy/environments/42/env.json';
    const content = JSON.parse(generated('42', 'env.json')) as object;
    write(file, { ...content, protected: true });
    const result = join(root, 'result.json');
    expect(await nx('run-many', '-t', 'deploy', `--json=${result}`)).toMatchObject({ status: 0 });
    expect(JSON.parse(readFileSync(result, 'utf8'))).toMatchObject({
      environment: '42',
      skipped: 'protected',
    });
    rmSync(result);
    const named = await nx('deploy', '42', `--json=${result}`, '--no-build');
    expect(named.status).toBe(1);
    expect(named.output).not.toContain('was not named');
    write(file, content);
  });
});
