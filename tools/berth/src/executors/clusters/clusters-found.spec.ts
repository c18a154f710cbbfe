import type { ClusterProvider, ClusterSummary, Listing } from '@berth/clusters';
import { UserError, type Cluster } from '@berth/model';
import { clustersFound } from './clusters-found';

const cluster = (name: string): Cluster => ({
  name,
  root: `deploy/clusters/${name}`,
  provider: 'gke',
  kubeconfig: 'kubeconfig',
  context: `berth-${name}`,
  exposure: 'load-balancer',
  nodePorts: {},
  hosts: [],
});

/** A provider that has these clusters, with two ready nodes each. */
function cloud(...listed: string[]): ClusterProvider & Listing {
  return {
    observe: async ({ name }) => {
      if (name === 'shut') throw new UserError('the credentials have expired', 'sign in again');
      const exists = listed.includes(name);
      const node = { name: 'a', ready: true, version: 'v1.34.4' };
      return { exists, ready: exists, nodes: exists ? [node, node] : [] };
    },
    planCreate: async () => [],
    planDestroy: async () => [],
    credentials: async () => undefined,
    list: async ({ project = 'desk' }) =>
      listed.map((name): ClusterSummary => ({ name, place: project, state: 'running', nodes: 2 })),
  };
}

describe('the clusters that are found', () => {
  it('are those of the workspace, made or not, and what else Berth made there, once', async () => {
    const { rows, problems } = await clustersFound(
      [cluster('prod'), cluster('new')],
      [{ provider: 'gke', where: { project: 'desk' } }],
      () => cloud('prod', 'forgotten'),
    );
    expect(rows).toMatchObject([
      { name: 'prod', state: 'running', nodes: 2, folder: 'deploy/clusters/prod' },
      { name: 'new', state: 'not made', folder: 'deploy/clusters/new' },
      { name: 'forgotten', place: 'desk', state: 'running', nodes: 2 },
    ]);
    expect(rows[2]).not.toHaveProperty('folder');
    expect(problems).toEqual([]);
  });

  it('are told although one cannot be asked', async () => {
    const { rows, problems } = await clustersFound([cluster('shut'), cluster('prod')], [], () =>
      cloud('prod'),
    );
    expect(rows.map(({ name, state }) => `${name} ${state}`)).toEqual(['shut unknown', 'prod running']);
    expect(problems).toEqual(['shut: the credentials have expired\n  sign in again']);
  });

  it('are not asked of a provider that cannot list', async () => {
    const { list: _, ...blind } = cloud('prod');
    expect((await clustersFound([], [{ provider: 'gke', where: {} }], () => blind)).rows).toEqual([]);
  });
});
