import { addProjectConfiguration, readNxJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import environmentGenerator from '../env/generator';
import syncGenerator from '../sync/generator';
import prometheusGenerator, { type PrometheusSchema } from './generator';

const folder = 'deploy/prometheus';
const written = ['dashboard.json', 'prometheus-rule.yaml', 'rules.yaml', 'scrape.yaml'];

describe('nx g prometheus', () => {
  let tree: Tree;

  const generate = (options: PrometheusSchema = {}) =>
    prometheusGenerator(tree, { skipFormat: true, ...options });
  const text = (path: string) => tree.read(path, 'utf8') ?? '';
  const service = (content: object) =>
    tree.write(
      'apps/web/service.json',
      JSON.stringify({ ports: [{ name: 'http', port: 8080, public: true }], ...content }),
    );
  const options = (content: object) =>
    tree.write('nx.json', JSON.stringify({ plugins: [{ plugin: '@berth/nx', options: content }] }));

  beforeEach(async () => {
    tree = createTreeWithEmptyWorkspace();
    options({ domain: 'example.com' });
    tree.write('deploy/clusters/local/cluster.json', '{ "provider": "bare-metal", "hosts": ["localhost"] }');
    addProjectConfiguration(tree, 'web', { root: 'apps/web' });
    service({});
    for (const name of ['staging', 'admin']) await environmentGenerator(tree, { name });
  });

  it('writes the files, and remembers in nx.json that they are wanted', async () => {
    await generate();
    expect(tree.children(folder).sort()).toEqual(written);
    expect(readNxJson(tree)?.plugins).toEqual([
      { plugin: '@berth/nx', options: { domain: 'example.com', prometheus: {} } },
    ]);
    expect(text(`${folder}/scrape.yaml`)).toMatch(/namespaces:\s+names:\s+- admin\n/);
  });

  it('changes nothing the second time, and `nx sync` neither', async () => {
    await generate({ environment: 'staging' });
    const before = tree.listChanges().map(({ path, content }) => [path, String(content)]);
    await generate();
    await generate({ environment: 'staging' });
    expect(syncGenerator(tree).outOfSyncDetails).toEqual([]);
    expect(tree.listChanges().map(({ path, content }) => [path, String(content)])).toEqual(before);
    expect(text(`${folder}/scrape.yaml`)).toMatch(/namespaces:\s+names:\s+- staging\n/);
  });

  it('has `nx sync` follow a service, a new environment, and the end of the wish', async () => {
    await generate();
    service({ scale: { min: 4 } });
    expect(syncGenerator(tree).outOfSyncDetails).toContain(`${folder}/rules.yaml`);
    expect(text(`${folder}/rules.yaml`)).toContain('expr: vector(4)');
    await environmentGenerator(tree, { name: 'prod' });
    expect(text(`${folder}/rules.yaml`)).toContain('environment: prod');
    expect(syncGenerator(tree).outOfSyncDetails).toEqual([]);
    tree.write(`${folder}/alertmanager.yaml`, 'route: {}');
    options({});
    expect(syncGenerator(tree).outOfSyncDetails).toEqual(
      expect.arrayContaining(written.map((path) => `${folder}/${path}`)),
    );
    expect(tree.children(folder)).toEqual(['alertmanager.yaml']);
  });

  it('keeps nobody from a new environment while another one is wrong', async () => {
    await generate();
    tree.write('deploy/environments/staging/env.json', '{');
    await environmentGenerator(tree, { name: 'prod' });
    expect(tree.exists('deploy/environments/prod/namespace.yaml')).toBe(true);
    expect(text(`${folder}/rules.yaml`)).not.toContain('environment: prod');
    expect(() => syncGenerator(tree)).toThrow(/^deploy\/environments\/staging\/env\.json/);
  });

  it('is not wanted by who has not asked for it', () => {
    expect(syncGenerator(tree).outOfSyncDetails).toEqual([]);
    expect(tree.exists(folder)).toBe(false);
  });

  it.each<[string, PrometheusSchema, () => void, RegExp]>([
    [
      'an environment that is not there',
      { environment: 'admn' },
      () => undefined,
      /^There is no environment "admn"[^]*deploy\/environments\/admn\/env\.json does not exist\.\n\n {2}nx g prometheus admin$/,
    ],
    [
      'a name that is none',
      { environment: 'a/b' },
      () => undefined,
      /^nx\.json at plugins\[0\]\.options\.prometheus\.environment: must be the name of a folder/,
    ],
    [
      'an environment on ECS, which has no gateway',
      {},
      () =>
        tree.write('deploy/environments/admin/env.json', '{ "projects": ["web"], "orchestrator": "ecs" }'),
      /^Prometheus asks the gateway[^]*admin is on ECS, which has none/,
    ],
    [
      'a file that somebody else wrote',
      {},
      () => tree.write(`${folder}/rules.yaml`, 'groups: []'),
      /^deploy\/prometheus\/rules\.yaml was not written by Berth/,
    ],
    [
      'a service that is wrong',
      {},
      () => service({ scale: { min: -1 } }),
      /^apps\/web\/service\.json at scale\.min: /,
    ],
  ])('refuses %s', async (_what, chosen, break_, message) => {
    break_();
    await expect(generate(chosen)).rejects.toMatchObject({
      message: expect.stringMatching(message),
      stack: undefined,
    });
  });

  it('leaves it to the environment to say what is wrong with it, once', async () => {
    await generate();
    service({ scale: { min: -1 } });
    expect(() => syncGenerator(tree)).toThrow(/^(?![^]*prometheus)[^]*scale\.min/);
  });
});
