import { addProjectConfiguration, readJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import syncGenerator from '../sync/generator';
import environmentGenerator from './generator';

describe('nx g env', () => {
  let tree: Tree;

  const addService = (name: string, tags: string[], content: object = {}) => {
    addProjectConfiguration(tree, name, { root: `apps/${name}`, tags });
    tree.write(
      `apps/${name}/service.json`,
      JSON.stringify({ ports: [{ name: 'http', port: 8080 }], ...content }),
    );
  };
  const below = 'deploy/environments/staging';

  beforeEach(() => {
    tree = createTreeWithEmptyWorkspace();
    tree.write(
      'nx.json',
      JSON.stringify({
        plugins: [
          { plugin: '@berth/nx', options: { registry: 'registry.example.com/x', domain: 'example.com' } },
        ],
      }),
    );
    tree.write('deploy/clusters/local/cluster.json', '{ "provider": "bare-metal", "hosts": ["localhost"] }');
    addService('web', ['scope:demo'], { needs: ['pricing'] });
    addService('pricing', ['scope:demo']);
    addService('gateway', ['scope:admin']);
  });

  it('creates env.json and the manifests of all services but those of the administration', async () => {
    await environmentGenerator(tree, { name: 'staging' });
    expect(readJson(tree, `${below}/env.json`)).toEqual({
      $schema: '../../../node_modules/@berth/nx/libs/model/schemas/environment.schema.json',
      orchestrator: 'kubernetes',
      cluster: 'local',
      domain: 'example.com',
      projects: ['*', '!tag:scope:admin'],
      services: {},
      protected: false,
      ttl: null,
    });
    expect(tree.children(`${below}/services`).sort()).toEqual(['pricing.yaml', 'web.yaml']);
    expect(tree.read(`${below}/services/web.yaml`, 'utf8')).toContain('image: registry.example.com/x/web\n');
  });

  it('makes one like another: its cluster, domain, projects and overrides, but not its protection or its time', async () => {
    const staging = { cluster: 'local', domain: 'staging.example.com', projects: ['web', 'pricing'] };
    const services = { web: { scale: { min: 3 } } };
    tree.write(`${below}/env.json`, JSON.stringify({ ...staging, services, protected: true, ttl: '1d' }));
    for (let times = 0; times < 2; times++)
      await environmentGenerator(tree, { name: 'pr-7', base: 'staging', ttl: '3d' });
    expect(readJson(tree, 'deploy/environments/pr-7/env.json')).toMatchObject({
      ...staging,
      services,
      protected: false,
      ttl: '3d',
    });
    expect(tree.read('deploy/environments/pr-7/namespace.yaml', 'utf8')).toContain('berth.dev/ttl: 3d');
  });

  it('makes one on another orchestrator of the same services, with the files of that one alone', async () => {
    tree.write(
      'deploy/clusters/swarm/cluster.json',
      '{ "provider": "existing", "docker": "unix:///run/docker.sock" }',
    );
    tree.write(`${below}/env.json`, JSON.stringify({ cluster: 'local', projects: ['web', 'pricing'] }));
    await environmentGenerator(tree, { name: 'staging2', base: 'staging', orchestrator: 'swarm' });
    expect(readJson(tree, 'deploy/environments/staging2/env.json')).toMatchObject({
      orchestrator: 'swarm',
      cluster: 'swarm',
      projects: ['web', 'pricing'],
    });
    expect(tree.children('deploy/environments/staging2').sort()).toEqual(['env.json', 'stack.yaml']);
  });

  it('goes back from a Swarm to the cluster that has Kubernetes, and says so of none and of several', async () => {
    const swarm = { provider: 'existing', docker: 'unix:///run/docker.sock' };
    tree.write('deploy/clusters/swarm/cluster.json', JSON.stringify(swarm));
    const written = { orchestrator: 'swarm', cluster: 'swarm', projects: ['web', 'pricing'] };
    tree.write(`${below}/env.json`, JSON.stringify(written));
    await environmentGenerator(tree, { name: 'back', base: 'staging', orchestrator: 'kubernetes' });
    expect(readJson(tree, 'deploy/environments/back/env.json')).toMatchObject({
      orchestrator: 'kubernetes',
      cluster: 'local',
      projects: ['web', 'pricing'],
    });
    tree.write('deploy/clusters/other/cluster.json', '{ "provider": "existing", "context": "other" }');
    const again = { name: 'again', base: 'staging', orchestrator: 'kubernetes' } as const;
    await expect(environmentGenerator(tree, again)).rejects.toThrow(
      'Which cluster? These have Kubernetes: local, other.',
    );
    for (const name of ['local', 'other']) tree.delete(`deploy/clusters/${name}/cluster.json`);
    await expect(environmentGenerator(tree, again)).rejects.toThrow('the cluster swarm has no Kubernetes');
    expect(tree.exists('deploy/environments/again')).toBe(false);
  });

  it.each([
    ['swarm', 'deploy/clusters/local/cluster.json has no "docker": environments of it run on Kubernetes.'],
    ['ecs', 'deploy/clusters/local/cluster.json has no "ecs": environments of it run on Kubernetes.'],
  ] as const)('refuses a cluster that was named and has no %s', async (orchestrator, message) => {
    await expect(
      environmentGenerator(tree, { name: 'away', cluster: 'local', orchestrator }),
    ).rejects.toThrow(message);
  });

  it('says what is missing when no cluster has the orchestrator', async () => {
    await expect(environmentGenerator(tree, { name: 'away', orchestrator: 'ecs' })).rejects.toThrow(
      'No cluster.json has "ecs"',
    );
    tree.write(`${below}/env.json`, JSON.stringify({ cluster: 'local', projects: ['web', 'pricing'] }));
    await expect(
      environmentGenerator(tree, { name: 'staging2', base: 'staging', orchestrator: 'swarm' }),
    ).rejects.toThrow('No cluster.json has "docker"');
    expect(tree.exists('deploy/environments/staging2')).toBe(false);
  });

  it('says which environment there is not to make one like', async () => {
    await expect(environmentGenerator(tree, { name: 'pr-7', base: 'stage' })).rejects.toThrow(
      'deploy/environments/stage/env.json does not exist',
    );
  });

  it('takes a number for a name', async () => {
    await environmentGenerator(tree, { name: 42 });
    expect(tree.read('deploy/environments/42/namespace.yaml', 'utf8')).toContain('"42"');
  });

  it('deletes what is no longer generated, and keeps what a person wrote', async () => {
    await environmentGenerator(tree, { name: 'staging' });
    tree.write(`${below}/patches/web.yaml`, 'a patch');
    tree.write(`${below}/NOTES.md`, 'a note');
    tree.write(`${below}/services/blotter.yaml`, 'of a service that was here');
    await environmentGenerator(tree, { name: 'staging' });
    expect(tree.exists(`${below}/services/blotter.yaml`)).toBe(false);
    expect(tree.exists(`${below}/NOTES.md`)).toBe(true);
    expect(tree.read(`${below}/patches/web.yaml`, 'utf8')).toBe('a patch');
    expect(tree.read(`${below}/kustomization.yaml`, 'utf8')).toContain('patches/web.yaml');
  });

  it("copies a service's own objects into the environment", async () => {
    tree.write(
      'apps/web/kubernetes/rules.yaml',
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: rules }\n',
    );
    await environmentGenerator(tree, { name: 'staging' });
    expect(tree.read(`${below}/kubernetes/web/rules.yaml`, 'utf8')).toContain('namespace: staging');
    tree.delete('apps/web/kubernetes/rules.yaml');
    await environmentGenerator(tree, { name: 'staging' });
    expect(tree.exists(`${below}/kubernetes/web/rules.yaml`)).toBe(false);
  });

  it.each([
    [{ name: 'web' }, 'The name web belongs to the project in apps/web already.'],
    [{ name: 'Staging' }, 'lower-case letters'],
    [{ name: 'kube-system' }, "Kubernetes' own"],
    [{ name: 'empty', projects: ['tag:scope:nothing'] }, 'selects no service'],
    [{ name: 'typo', projects: ['wbe'] }, '"wbe" is no project of this workspace (did you mean "web"?)'],
    [{ name: 'away', cluster: 'locl' }, 'Did you mean --cluster=local?'],
  ])('refuses %j', async (options, message) => {
    await expect(environmentGenerator(tree, options)).rejects.toThrow(message);
  });

  const shown = { ports: [{ name: 'http', port: 8080, public: true }] };

  it.each<[string, () => void, RegExp]>([
    [
      'a service that needs nothing that is there',
      () => addService('far', [], { needs: ['prcing'] }),
      /^apps\/far\/service\.json at needs\[0\]: "prcing" is no service.*did you mean "pricing"\?/,
    ],
    [
      'needs in a circle',
      () =>
        tree.write(
          'apps/pricing/service.json',
          '{"ports": [{"name": "http", "port": 8080}], "needs": ["web"]}',
        ),
      /^apps\/pricing\/service\.json at needs: is a circle: pricing → web → pricing/,
    ],
    [
      'a host label over 63 characters',
      () =>
        addService('x'.repeat(52), [], {
          ports: [8080, 8081].map((port) => ({ name: `p${port}`, port, public: true })),
        }),
      /^apps\/x+\/service\.json at ports\[1\]: its host x+-p8081-staging has 66 characters; DNS allows 63/,
    ],
    [
      'a service that is no JSON',
      () => tree.write('apps/web/service.json', '{\n "ports": }'),
      /^apps\/web\/service\.json: is no JSON: line 2, column 11: expected a value$/,
    ],
    [
      'wrong options of the plugin',
      () => tree.write('nx.json', '{"plugins": [{"plugin": "@berth/nx", "options": {"domian": "x"}}]}'),
      /^nx\.json at plugins\[0\]\.options\.domian: is no field here.*did you mean "domain"\?/,
    ],
  ])('refuses %s, without a stack', async (_what, break_, message) => {
    break_();
    const refused = environmentGenerator(tree, { name: 'staging' });
    await expect(refused).rejects.toMatchObject({
      message: expect.stringMatching(message),
      stack: undefined,
    });
  });

  it('refuses a host that an environment of the same cluster has, and so does nx sync', async () => {
    addService('a-b', [], shown);
    addService('a', [], shown);
    await environmentGenerator(tree, { name: 'c', projects: ['a-b'] });
    const refused = environmentGenerator(tree, { name: 'b-c', projects: ['a'] });
    await expect(refused).rejects.toThrow('comes to the host a-b-c.example.com, which port http of a-b has');
    expect(() => syncGenerator(tree)).toThrow(
      /in the environment c of the same cluster[^]*in the environment b-c of the same cluster/,
    );
  });

  it('leaves out what is for other orchestrators, and says so', async () => {
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    tree.write(
      'deploy/clusters/swarm/cluster.json',
      '{ "provider": "existing", "docker": "unix:///d.sock" }',
    );
    addService('janitor', ['scope:admin'], { apiAccess: true, orchestrators: ['kubernetes'] });
    const admin = { name: 'admin', projects: ['tag:scope:admin'] };
    await environmentGenerator(tree, { ...admin, orchestrator: 'swarm' });
    expect(tree.read('deploy/environments/admin/stack.yaml', 'utf8')).not.toContain('janitor');
    expect(log.mock.calls).toEqual([
      [
        'Left out of admin, which is on Swarm, by "orchestrators" of their service.json: janitor (kubernetes).',
      ],
    ]);
    log.mockClear();
    await environmentGenerator(tree, { ...admin, name: 'admin2', cluster: 'local' });
    expect(tree.exists('deploy/environments/admin2/services/janitor.yaml')).toBe(true);
    expect(log).not.toHaveBeenCalled();
    log.mockRestore();
  });

  it('shows the env.json that it did not write, where that is the place for what a refusal says to write', async () => {
    tree.write(
      'deploy/clusters/swarm/cluster.json',
      '{ "provider": "existing", "docker": "unix:///d.sock" }',
    );
    addService('disk', [], { scale: { min: 2 }, volumes: [{ name: 'data', path: '/data', size: '1Gi' }] });
    const wish = { name: 'far', projects: ['disk'], orchestrator: 'swarm' as const };
    const error = (await environmentGenerator(tree, wish).catch((thrown: unknown) => thrown)) as Error;
    const [, text] = /then: nx g env far\s+(\{[^]*\})\s*$/.exec(error.message) ?? [];
    expect(error.message).toContain('Nothing was written.');
    const [, services] = /env\.json: "services": (\{.*\})\)/.exec(error.message) ?? [];
    const written = { ...JSON.parse(text ?? ''), services: JSON.parse(services ?? '') };
    tree.write('deploy/environments/far/env.json', JSON.stringify(written));
    await environmentGenerator(tree, { name: 'far' });
    expect(tree.exists('deploy/environments/far/stack.yaml')).toBe(true);
  });

  it('says what stands beside services for Kubernetes alone, where it is left out', async () => {
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const ecs = {
      ...{ account: '123456789012', region: 'eu-west-1', profile: 'desk', cluster: 'main' },
      ...{ vpc: 'vpc-0123456789abcdef0', subnets: ['subnet-0123456789abcdef0'] },
    };
    tree.write('deploy/clusters/aws/cluster.json', JSON.stringify({ provider: 'existing', ecs }));
    tree.write('apps/pricing/kubernetes/rules.yaml', 'kind: NetworkPolicy\n');
    await environmentGenerator(tree, { name: 'far', projects: ['pricing'], orchestrator: 'ecs' });
    expect(tree.children('deploy/environments/far').sort()).toEqual(['cloudformation.yaml', 'env.json']);
    expect(log.mock.calls).toEqual([
      ['Left out of far, which is on ECS, since they are for Kubernetes: pricing/kubernetes/rules.yaml.'],
    ]);
  });

  it('refuses what the orchestrator has not, with its place', async () => {
    tree.write(
      'deploy/clusters/swarm/cluster.json',
      '{ "provider": "existing", "docker": "unix:///d.sock" }',
    );
    addService('janitor', ['scope:admin'], { apiAccess: true });
    const projects = ['tag:scope:admin'];
    await expect(
      environmentGenerator(tree, { name: 'admin', projects, orchestrator: 'swarm' }),
    ).rejects.toThrow('apps/janitor/service.json at apiAccess: is not to be had on Swarm');
  });

  it('refuses an environment on Kubernetes on a cluster that has none', async () => {
    tree.write(
      'deploy/clusters/swarm/cluster.json',
      '{ "provider": "existing", "docker": "unix:///d.sock" }',
    );
    await expect(environmentGenerator(tree, { name: 'staging', cluster: 'swarm' })).rejects.toThrow(
      /the cluster swarm has no Kubernetes: its cluster\.json names Swarm[^]*--orchestrator=swarm/,
    );
  });

  it('takes services without a project.json too, and refuses their names', async () => {
    tree.write('services/orders/service.json', '{ "ports": [{ "name": "http", "port": 8080 }] }');
    await environmentGenerator(tree, { name: 'staging' });
    expect(tree.exists(`${below}/services/orders.yaml`)).toBe(true);
    await expect(environmentGenerator(tree, { name: 'orders' })).rejects.toThrow(
      'The name orders belongs to the project in services/orders already.',
    );
  });

  it('does not change an env.json that is there', async () => {
    await environmentGenerator(tree, { name: 'staging' });
    const again = environmentGenerator(tree, { name: 'staging', projects: ['web'] });
    await expect(again).rejects.toThrow(`Edit ${below}/env.json, then run the command without --projects.`);
  });

  it('takes the same words again, as after an interruption', async () => {
    const words = { name: 'staging', projects: ['web', 'pricing'], cluster: 'local' };
    await environmentGenerator(tree, words);
    const before = tree.read(`${below}/env.json`, 'utf8');
    tree.delete(`${below}/kustomization.yaml`);
    await environmentGenerator(tree, words);
    expect(tree.read(`${below}/env.json`, 'utf8')).toBe(before);
    expect(tree.exists(`${below}/kustomization.yaml`)).toBe(true);
  });

  it('asks which cluster when there are two', async () => {
    tree.write('deploy/clusters/far/cluster.json', '{}');
    await expect(environmentGenerator(tree, { name: 'staging' })).rejects.toThrow(
      'These have Kubernetes: far, local.',
    );
  });
});

describe('nx sync', () => {
  it('names the files that are stale, and every environment that is wrong', async () => {
    const tree = createTreeWithEmptyWorkspace();
    tree.write('nx.json', '{ "plugins": ["@berth/nx"] }');
    addProjectConfiguration(tree, 'web', { root: 'apps/web' });
    tree.write('apps/web/service.json', '{ "ports": [{ "name": "http", "port": 8080 }] }');
    tree.write('deploy/environments/one/env.json', '{ "projects": ["web"] }');
    expect(syncGenerator(tree).outOfSyncDetails).toContain('deploy/environments/one/services/web.yaml');
    expect(syncGenerator(tree).outOfSyncDetails).toEqual([]);
    tree.write('deploy/environments/two/env.json', '{ "projects": ["nothing"] }');
    tree.write('deploy/environments/three/env.json', '{');
    expect(() => syncGenerator(tree)).toThrow(/three\/env\.json[^]*two\/env\.json/);
  });
});
