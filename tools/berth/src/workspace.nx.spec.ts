import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Runs the real Nx, as a person without a terminal would, in a small workspace of its own. */
const repository = resolve(__dirname, '../../..');
jest.setTimeout(120_000);

describe('in a workspace', () => {
  let root: string;

  const write = (path: string, content: unknown) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  };
  const nx = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/nx/dist/bin/nx.js'), ...args],
      {
        cwd: root,
        encoding: 'utf8',
        input: '',
        env: {
          PATH: process.env['PATH'],
          HOME: process.env['HOME'],
          NX_DAEMON: 'false',
          NO_COLOR: '1',
          CI: 'true',
        },
      },
    );
    return { status, output: `${stdout}${stderr}` };
  };
  const generated = (environment: string, path: string) =>
    readFileSync(join(root, 'deploy/environments', environment, path), 'utf8');

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'berth-workspace-'));
    symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
    cpSync(join(repository, 'tsconfig.base.json'), join(root, 'tsconfig.base.json'));
    write('package.json', {
      name: 'small',
      private: true,
      devDependencies: { '@berth/nx': '0.1.0', nx: '23.2.1' },
    });
    write('nx.json', {
      analytics: false,
      neverConnectToCloud: true,
      plugins: [
        { plugin: '@berth/nx', options: { registry: 'registry.example.com/small', domain: 'example.com' } },
      ],
      sync: { globalGenerators: ['@berth/nx:sync'] },
    });
    write('.gitignore', 'node_modules\n.nx\n');
    write('deploy/clusters/local/cluster.json', { provider: 'bare-metal', hosts: ['localhost'] });
    write('apps/hello/project.json', { name: 'hello', tags: ['scope:demo'] });
    write('apps/hello/service.json', {
      ports: [{ name: 'http', port: 8080, public: true }],
      health: { path: '/healthz' },
    });
    write('apps/hello/Dockerfile', 'FROM scratch\n');
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('`nx g env 42` writes the environment 42, without asking', () => {
    const { status, output } = nx('g', 'env', '42');
    expect(output).toContain('CREATE deploy/environments/42/env.json');
    expect(status).toBe(0);
    expect(JSON.parse(generated('42', 'env.json'))).toMatchObject({
      cluster: 'local',
      domain: 'example.com',
    });
    expect(generated('42', 'services/hello.yaml')).toContain('registry.example.com/small/hello');
  });

  it('`nx sync:check` passes as long as the files are what the models say', () => {
    expect(nx('sync:check')).toMatchObject({ status: 0 });
  });

  it('`nx sync:check` fails when a service changed, and `nx sync` mends it', () => {
    write('apps/hello/service.json', {
      ports: [{ name: 'http', port: 9090, public: true }],
      health: { path: '/healthz' },
    });
    const check = nx('sync:check');
    expect(check.status).toBe(1);
    expect(check.output).toContain('deploy/environments/42/services/hello.yaml');
    expect(nx('sync').status).toBe(0);
    expect(generated('42', 'services/hello.yaml')).toContain('9090');
    expect(nx('sync:check')).toMatchObject({ status: 0 });
  });

  it('refuses an environment with the name of another project', () => {
    const { status, output } = nx('g', 'env', 'hello');
    expect(status).toBe(1);
    expect(output).toContain('The name hello belongs to the project in apps/hello already.');
    expect(existsSync(join(root, 'deploy/environments/hello'))).toBe(false);
  });

  it('keeps a wrong file and a taken name to their own folders', () => {
    write('deploy/environments/broken/env.json', '{ "projects": }');
    write('deploy/environments/hello/env.json', { projects: ['*'] });
    const show = nx('show', 'projects', '--json');
    expect(show.status).toBe(0);
    expect(JSON.parse(show.output.slice(show.output.indexOf('[')))).toEqual(
      expect.arrayContaining(['hello', '42', 'broken', 'deploy/environments/hello']),
    );
    const broken = nx('deploy', 'broken');
    expect(broken).toMatchObject({
      status: 1,
      output: expect.stringContaining('deploy/environments/broken/env.json'),
    });
    expect(nx('deploy', 'deploy/environments/hello').output).toContain(
      'the name hello belongs to the project in apps/hello already',
    );
    const check = nx('sync:check');
    expect(check).toMatchObject({ status: 1, output: expect.stringContaining('broken/env.json') });
    rmSync(join(root, 'deploy/environments/broken'), { recursive: true });
    rmSync(join(root, 'deploy/environments/hello'), { recursive: true });
  });

  it('makes an environment depend on its services', () => {
    const graph = join(root, 'graph.json');
    expect(nx('graph', `--file=${graph}`).status).toBe(0);
    const { dependencies } = (
      JSON.parse(readFileSync(graph, 'utf8')) as {
        graph: { dependencies: Record<string, { target: string }[]> };
      }
    ).graph;
    expect(dependencies['42']).toEqual([expect.objectContaining({ source: '42', target: 'hello' })]);
  });

  it('leaves a protected environment alone unless it is named', () => {
    const file = 'deploy/environments/42/env.json';
    const content = JSON.parse(generated('42', 'env.json')) as object;
    write(file, { ...content, protected: true });
    const result = join(root, 'result.json');
    expect(nx('run-many', '-t', 'deploy', `--json=${result}`)).toMatchObject({ status: 0 });
    expect(JSON.parse(readFileSync(result, 'utf8'))).toMatchObject({
      environment: '42',
      skipped: 'protected',
    });
    rmSync(result);
    const named = nx('deploy', '42', `--json=${result}`, '--no-build');
    expect(named.status).toBe(1);
    expect(named.output).not.toContain('was not named');
    write(file, content);
  });
});
