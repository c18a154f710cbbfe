import { addProjectConfiguration, readJson, readProjectConfiguration, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { parseService } from '@berth/model';
import serviceGenerator from './generator';

describe('nx g service', () => {
  let tree: Tree;
  beforeEach(() => {
    tree = createTreeWithEmptyWorkspace();
    tree.write('docker/node/Dockerfile', 'FROM scratch\n');
    tree.write('jest.preset.cjs', '');
  });

  it('makes an application of @nx/node a service: bundle, image, health', async () => {
    const before = tree.read('nx.json', 'utf8');
    await serviceGenerator(tree, { name: 'orders', tags: 'scope:demo', skipFormat: true });
    const text = tree.read('apps/orders/service.json', 'utf8') ?? '';
    expect(parseService(text, 'apps/orders/service.json', 'orders')).toMatchObject({
      ports: [{ name: 'http', port: 8080, public: true }],
      health: { readiness: { kind: 'path', path: '/healthz' } },
    });
    expect(readJson(tree, 'apps/orders/image.json')).toEqual({ bases: { BASE: 'node' }, target: 'build' });
    const { tags, targets } = readProjectConfiguration(tree, 'orders');
    expect(tags).toEqual(['type:app', 'scope:demo']);
    expect(targets?.['build']).toMatchObject({
      executor: '@nx/esbuild:esbuild',
      options: { main: 'apps/orders/src/main.ts', outputPath: 'apps/orders/dist', bundle: true },
    });
    expect(tree.read('apps/orders/src/main.ts', 'utf8')).toContain('SIGTERM');
    expect(tree.read('nx.json', 'utf8')).toBe(before);
    expect(tree.exists('.vscode/launch.json')).toBe(false);
  }, 30_000);

  it('refuses a name that a project of another folder has', async () => {
    addProjectConfiguration(tree, 'orders', { root: 'libs/orders' });
    const generated = serviceGenerator(tree, { name: 'orders' });
    await expect(generated).rejects.toThrow('The name orders belongs to the project in libs/orders already.');
  });

  it.each(['Orders', '9lives', 'a_b', 'a-', 'x'.repeat(64)])('refuses the name %s', async (name) => {
    await expect(serviceGenerator(tree, { name })).rejects.toThrow('cannot be the name of a service');
  });

  it('refuses the name of an environment', async () => {
    tree.write('deploy/environments/staging/env.json', '{ "projects": ["*"] }');
    await expect(serviceGenerator(tree, { name: 'staging' })).rejects.toThrow(
      'The name staging belongs to the project in deploy/environments/staging already.',
    );
  });

  it('refuses a base image that is not there, and names those that are', async () => {
    addProjectConfiguration(tree, 'debian', { root: 'docker/debian', tags: ['type:image'] });
    const generated = serviceGenerator(tree, { name: 'orders', base: 'nod' });
    await expect(generated).rejects.toThrow('--base=debian');
  });
});
