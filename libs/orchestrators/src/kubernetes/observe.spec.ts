import type { KubernetesObject } from '@berth/manifests';
import { inventoryObject } from './inventory';
import { observe } from './observe';
import { ClientStandIn } from './testing-client';

const namespace: KubernetesObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'staging' } };
const service: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'staging' },
};
const role: KubernetesObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'web-staging' },
};
const set = [namespace, service, role];

describe('what is there of an environment', () => {
  const lists = ({ asked }: ClientStandIn) => asked.filter((request) => request.startsWith('LIST '));

  it('is asked for by one list a kind', async () => {
    const cluster = new ClientStandIn([namespace, service]);
    expect((await observe(cluster.client, 'staging', set)).live).toEqual([namespace, service]);
    expect(lists(cluster)).toEqual(['LIST Service in staging', 'LIST ClusterRole']);
  });

  it('is nothing in a namespace that was just made: only what is outside of it is asked for', async () => {
    const cluster = new ClientStandIn([namespace, service, role]);
    expect(await observe(cluster.client, 'staging', set, true)).toMatchObject({
      exists: true,
      live: [namespace, role],
    });
    expect(lists(cluster)).toEqual(['LIST ClusterRole']);
  });

  it('is asked for in a namespace that was just made, where another deploy has been since', async () => {
    const cluster = new ClientStandIn([namespace, service, inventoryObject('staging', ['Service'])]);
    expect((await observe(cluster.client, 'staging', set, true)).live).toEqual([namespace, service]);
    expect(lists(cluster)).toContain('LIST Service in staging');
  });
});
