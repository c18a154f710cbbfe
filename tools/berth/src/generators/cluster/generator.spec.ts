import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { stringify } from 'yaml';
import clusterGenerator from './generator';

describe('nx g cluster', () => {
  let tree: Tree;
  beforeEach(() => {
    tree = createTreeWithEmptyWorkspace();
  });

  it('writes cluster.json, and nothing when it is there and says the same', async () => {
    await clusterGenerator(tree, { name: 'local', provider: 'bare-metal', hosts: ['localhost'] });
    expect(readJson(tree, 'deploy/clusters/local/cluster.json')).toEqual({
      $schema: '../../../node_modules/@berth/nx/libs/model/schemas/cluster.schema.json',
      provider: 'bare-metal',
      hosts: ['localhost'],
      kubeconfig: 'deploy/clusters/local/kubeconfig',
      context: 'berth-local',
    });
    await clusterGenerator(tree, { name: 'local', provider: 'bare-metal', hosts: ['localhost'] });
  });

  it('writes a Swarm where dockerd is named alone, and beside Kubernetes where that is there', async () => {
    const docker = 'ssh://berth@one.example.com';
    const written = (name: string): Record<string, unknown> =>
      readJson(tree, `deploy/clusters/${name}/cluster.json`);
    for (let times = 0; times < 2; times++)
      await clusterGenerator(tree, { name: 'swarm', provider: 'existing', docker });
    const { $schema: _, ...swarm } = written('swarm');
    expect(swarm).toEqual({ provider: 'existing', docker });
    await clusterGenerator(tree, { name: 'local', provider: 'bare-metal', hosts: ['localhost'], docker });
    expect(written('local')).toMatchObject({ context: 'berth-local', docker });
    await expect(
      clusterGenerator(tree, { name: 'odd', provider: 'existing', docker: 'one:2375' }),
    ).rejects.toThrow('deploy/clusters/odd/cluster.json at docker: must be an address of dockerd');
  });

  it('refuses to change one that is there', async () => {
    await clusterGenerator(tree, { name: 'local', provider: 'bare-metal', hosts: ['localhost'] });
    const other = clusterGenerator(tree, { name: 'local', provider: 'bare-metal', hosts: ['a,b'] });
    await expect(other).rejects.toThrow('Edit deploy/clusters/local/cluster.json');
  });

  const gke = {
    ...{ name: 'prod', provider: 'gke', project: 'desk-123', zone: 'europe-west1-b' },
    ...{ machineType: 'e2-standard-8', nodes: 3, minNodes: 1, maxNodes: 10 },
  };

  it('writes what was typed for a cluster of GKE, and what gcloud runs in; the same again changes nothing', async () => {
    await clusterGenerator(tree, gke);
    const { name: _, ...typed } = gke;
    expect(readJson(tree, 'deploy/clusters/prod/cluster.json')).toMatchObject(typed);
    tree.write('docker/gcloud/Dockerfile', 'FROM ours');
    const changes = tree.listChanges().length;
    await clusterGenerator(tree, gke);
    expect(tree.listChanges()).toHaveLength(changes);
    expect(tree.read('docker/gcloud/Dockerfile', 'utf8')).toBe('FROM ours');
  });

  it('lets this workspace run gcloud in what it writes', async () => {
    await clusterGenerator(tree, gke);
    expect(tree.read('docker/gcloud/Dockerfile', 'utf8')).toBe(
      readFileSync(join(__dirname, '../../../../../docker/gcloud/Dockerfile'), 'utf8'),
    );
  });

  it('needs no image where gcloud is in PATH', async () => {
    await clusterGenerator(tree, { ...gke, gcloud: 'path' });
    expect(tree.exists('docker/gcloud/Dockerfile')).toBe(false);
  });

  it('writes what was typed for a cluster of EKS', async () => {
    const typed = { provider: 'eks', region: 'eu-central-1', profile: 'desk' };
    await clusterGenerator(tree, {
      ...{ ...typed, name: 'prod', version: 1.33 },
      ...{ machineType: 't3.large,t3a.large', subnets: ['subnet-1a,subnet-2b'] },
    });
    expect(readJson(tree, 'deploy/clusters/prod/cluster.json')).toMatchObject({
      ...{ ...typed, version: '1.33' },
      ...{ machineTypes: ['t3.large', 't3a.large'], subnets: ['subnet-1a', 'subnet-2b'] },
    });
  });

  it.each([
    [{ name: 'prod', provider: 'gke' }, 'cluster.json at project: is missing'],
    [{ ...gke, autopilot: true }, 'zone: excludes autopilot'],
    [{ ...gke, profile: 'desk' }, 'profile: is a field of eks, not of gke'],
    [{ name: 'UP', provider: 'bare-metal', hosts: ['localhost'] }, '"UP" cannot be the name of a cluster'],
    [{ name: 'local', provider: 'bare-metal' }, 'needs its machines'],
  ])('refuses %j', async (options, message) => {
    await expect(clusterGenerator(tree, options)).rejects.toThrow(message);
    expect(tree.exists(`deploy/clusters/${options.name}/cluster.json`)).toBe(false);
  });

  describe('for a cluster that is there already', () => {
    let home: string;
    const write = (path: string, ...contexts: string[]) => {
      mkdirSync(dirname(join(home, path)), { recursive: true });
      writeFileSync(
        join(home, path),
        stringify({
          'current-context': contexts[0],
          contexts: contexts.map((name) => ({ name, context: { cluster: name, user: name } })),
          clusters: contexts.map((name) => ({ name, cluster: { server: 'https://127.0.0.1:6443' } })),
        }),
      );
      return join(home, path);
    };
    const generate = (options: object, KUBECONFIG?: string) =>
      clusterGenerator(tree, { name: 'desk', provider: 'existing', ...options }, { KUBECONFIG, home });
    const written = () => readJson(tree, 'deploy/clusters/desk/cluster.json');

    beforeEach(() => {
      home = mkdtempSync(join(tmpdir(), 'home-'));
      write('.kube/config', 'docker-desktop', 'kind-desk', 'work');
    });
    afterEach(() => rmSync(home, { recursive: true }));

    it('writes down where its kubeconfig is, and how ports are opened on clusters of its kind', async () => {
      await generate({ context: 'docker-desktop' });
      const expected = {
        $schema: '../../../node_modules/@berth/nx/libs/model/schemas/cluster.schema.json',
        provider: 'existing',
        kubeconfig: '~/.kube/config',
        context: 'docker-desktop',
        exposure: 'load-balancer',
      };
      expect(written()).toEqual(expected);
      await generate({ context: 'docker-desktop' });
      expect(written()).toEqual(expected);
    });

    it('has stand-ins for ports 80 and 443 where kind maps them, and nothing where nobody knows', async () => {
      await generate({ context: 'kind-desk' });
      expect(written()).toMatchObject({
        exposure: 'node-ports',
        nodePorts: { 80: 30080, 443: 30443 },
        front: '127.0.0.1',
      });
      tree.delete('deploy/clusters/desk/cluster.json');
      await generate({ context: 'work' });
      expect(written()).not.toHaveProperty('exposure');
    });

    it('takes the file of KUBECONFIG that has the context, or the one that is named', async () => {
      const one = write('one', 'other');
      const two = write('two', 'far');
      await generate({ context: 'far' }, `${join(home, 'none')}:${one}:${two}`);
      expect(written().kubeconfig).toBe('~/two');
      tree.delete('deploy/clusters/desk/cluster.json');
      await generate({ context: 'other', kubeconfig: '~/one' });
      expect(written().kubeconfig).toBe('~/one');
    });

    it('never takes the current context, and suggests the nearest one', async () => {
      const asked = generate({});
      await expect(asked).rejects.toThrow(/^Which context\? .* has docker-desktop, kind-desk, work\./);
      await expect(generate({ context: 'kind-dsk' })).rejects.toMatchObject({
        message: expect.stringContaining('There is no context "kind-dsk"'),
      });
      await expect(generate({ context: 'kind-dsk' })).rejects.toThrow(
        'nx g cluster desk --provider existing --context kind-desk',
      );
      expect(tree.exists('deploy/clusters/desk/cluster.json')).toBe(false);
    });

    it('says where it looked when there is no kubeconfig', async () => {
      rmSync(join(home, '.kube'), { recursive: true });
      await expect(generate({ context: 'work' })).rejects.toThrow(`${home}/.kube/config does not exist`);
      await expect(generate({ context: 'work', kubeconfig: '~/none' })).rejects.toThrow(`${home}/none`);
    });

    it('refuses its options for clusters that Berth makes', async () => {
      const refused = clusterGenerator(tree, {
        name: 'local',
        provider: 'bare-metal',
        hosts: ['localhost'],
        context: 'x',
      });
      await expect(refused).rejects.toThrow('--context are of clusters of the provider existing');
    });
  });
});
