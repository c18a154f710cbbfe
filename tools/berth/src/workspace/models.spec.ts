import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { filesOfTree } from './files';
import { readCluster, readClusterOf, readEnvironment, readServices } from './models';

const defaults = { domain: 'localhost' };

describe('the models of a workspace', () => {
  const workspace = (files: Record<string, unknown>) => {
    const tree = createTreeWithEmptyWorkspace();
    for (const [path, content] of Object.entries(files)) {
      tree.write(path, typeof content === 'string' ? content : JSON.stringify(content));
    }
    return filesOfTree(tree);
  };
  const root = 'deploy/environments/admin';
  const port = (nodePort: number) => ({ ports: [{ name: 'http', port: 8080, nodePort }] });

  it('lays env.local.json over env.json where a deploy asks for it, and nowhere else', () => {
    const files = workspace({
      [`${root}/env.json`]: { projects: ['gateway'], services: { gateway: { scale: { min: 3 } } } },
      [`${root}/env.local.json`]: { services: { gateway: port(8080) } },
    });
    expect(readEnvironment(files, 'admin', defaults).services).toEqual({ gateway: { scale: { min: 3 } } });
    expect(readEnvironment(files, 'admin', defaults, { local: true }).services).toEqual({
      gateway: { scale: { min: 3 }, ...port(8080) },
    });
  });

  it('names env.local.json when it is no JSON', () => {
    const files = workspace({
      [`${root}/env.json`]: { projects: ['gateway'] },
      [`${root}/env.local.json`]: '{',
    });
    expect(() => readEnvironment(files, 'admin', defaults, { local: true })).toThrow(
      `${root}/env.local.json`,
    );
  });

  it('gives the services in the order of their needs, as the environment has them', () => {
    const files = workspace({
      [`${root}/env.json`]: { projects: ['*'], services: { web: { scale: { min: 4 } } } },
      'apps/web/service.json': { needs: ['store'], ports: [{ name: 'http', port: 8080 }] },
      'apps/store/service.json': { ports: [{ name: 'sql', port: 5432, appProtocol: 'tcp' }] },
    });
    const projects = {
      web: { root: 'apps/web' },
      store: { root: 'apps/store' },
      model: { root: 'libs/model' },
    };
    const services = readServices(files, readEnvironment(files, 'admin', defaults), projects);
    expect(services.map(({ name, scale }) => [name, scale.min])).toEqual([
      ['store', 1],
      ['web', 4],
    ]);
  });

  it('points into env.local.json for what it broke', () => {
    const files = workspace({
      [`${root}/env.json`]: { projects: ['gateway'] },
      [`${root}/env.local.json`]: { protcted: true },
    });
    expect(() => readEnvironment(files, 'admin', defaults, { local: true })).toThrow(
      /^deploy\/environments\/admin\/env\.local\.json at protcted: is no field here.*did you mean "protected"/,
    );
  });

  it('refuses a plain name among the selectors that is no project, with the nearest service', () => {
    const read = (...selectors: string[]) => {
      const files = workspace({
        [`${root}/env.json`]: { projects: selectors },
        'apps/web/service.json': {},
      });
      const projects = { web: { root: 'apps/web' }, model: { root: 'libs/model' } };
      return readServices(files, readEnvironment(files, 'admin', defaults), projects);
    };
    expect(() => read('web', 'wbe')).toThrow(
      `${root}/env.json at projects[1]: "wbe" is no project of this workspace (did you mean "web"?)`,
    );
    expect(() => read('nothing')).toThrow('(see what there is with `nx show projects`)');
    expect(() => read('model')).toThrow('model selects no service');
    expect(read('web', '!gone', 'tag:none', 'gone*').map(({ name }) => name)).toEqual(['web']);
  });

  it('says which cluster was meant, where an environment names one that is not there', () => {
    const files = workspace({
      [`${root}/env.json`]: { projects: ['gateway'], cluster: 'loacl' },
      'deploy/clusters/local/cluster.json': { provider: 'bare-metal', hosts: ['localhost'] },
    });
    const environment = readEnvironment(files, 'admin', defaults);
    expect(() => readClusterOf(files, environment)).toThrow(
      `${root}/env.json at cluster: there is no cluster "loacl": deploy/clusters/loacl/cluster.json does not exist (did you mean "local"?)`,
    );
    expect(() => readClusterOf(files, { ...environment, cluster: 'far' })).toThrow(
      '(nx g cluster far --provider bare-metal --hosts localhost)',
    );
  });

  it('refuses an environment on Kubernetes where its cluster has none', () => {
    const files = workspace({
      [`${root}/env.json`]: { projects: ['gateway'], cluster: 'swarm' },
      'deploy/clusters/swarm/cluster.json': { provider: 'existing', docker: 'unix:///d.sock' },
    });
    const environment = readEnvironment(files, 'admin', defaults);
    expect(() => readClusterOf(files, environment)).toThrow(
      `${root}/env.json at orchestrator: the cluster swarm has no Kubernetes: its cluster.json names Swarm, and no kubeconfig or context (write "swarm", or name another cluster)`,
    );
    expect(readClusterOf(files, { ...environment, orchestrator: 'swarm' }).docker).toBe('unix:///d.sock');
  });

  it('says what to type for what is not there', () => {
    expect(() => readEnvironment(workspace({}), 'admin', defaults)).toThrow(
      expect.objectContaining({ hint: 'nx g env admin' }),
    );
    expect(() => readCluster(workspace({}), 'local')).toThrow(
      'deploy/clusters/local/cluster.json does not exist',
    );
  });
});
