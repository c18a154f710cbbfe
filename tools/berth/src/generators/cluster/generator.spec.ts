import { readJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
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

  it('refuses to change one that is there', async () => {
    await clusterGenerator(tree, { name: 'local', provider: 'bare-metal', hosts: ['localhost'] });
    const other = clusterGenerator(tree, { name: 'local', provider: 'bare-metal', hosts: ['a,b'] });
    await expect(other).rejects.toThrow('Edit deploy/clusters/local/cluster.json');
  });

  it.each([
    [{ name: 'UP', provider: 'bare-metal', hosts: ['localhost'] }, '"UP" cannot be the name of a cluster'],
    [{ name: 'local', provider: 'bare-metal' }, 'needs its machines'],
  ])('refuses %j', async (options, message) => {
    await expect(clusterGenerator(tree, options)).rejects.toThrow(message);
  });
});
