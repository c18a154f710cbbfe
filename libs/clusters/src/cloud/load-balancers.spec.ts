import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LiveObject, ObjectReference } from '@berth/kube';
import { UserError, type Cluster } from '@berth/model';
import { loadBalancersStep, type Kube } from './load-balancers';

const patience = { everyMs: 0, limitMs: 10_000, failures: 0 };
const cluster: Cluster = {
  ...{ name: 'prod', root: 'deploy/clusters/prod', provider: 'gke', hosts: [] },
  ...{ exposure: 'load-balancer' as const, nodePorts: {} },
  ...{ kubeconfig: 'kubeconfig', context: 'berth-prod' },
};

function object(kind: string, name: string, spec: object = {}): LiveObject {
  const metadata = { name, namespace: 'shop', uid: name, resourceVersion: '1', creationTimestamp: '' };
  return { apiVersion: kind === 'Service' ? 'v1' : 'networking.k8s.io/v1', kind, metadata, spec };
}

/** An API server with these objects; what is deleted goes after it was asked for once more. */
function server(...objects: LiveObject[]): Kube & { deleted: string[] } {
  const live = new Map(objects.map((one) => [`${one.kind}/${one.metadata.name}`, one]));
  const going = new Set<string>();
  const deleted: string[] = [];
  const key = ({ kind, name }: ObjectReference) => `${kind}/${name}`;
  return {
    deleted,
    list: async ({ kind }) => ({
      items: [...live.values()].filter((one) => one.kind === kind),
      resourceVersion: '1',
    }),
    get: async (reference) => {
      const found = live.get(key(reference));
      if (going.has(key(reference))) live.delete(key(reference));
      going.add(key(reference));
      return found;
    },
    delete: async (reference) => {
      deleted.push(key(reference));
      return true;
    },
    close: () => undefined,
  };
}

describe('the load balancers of a cluster that is to go', () => {
  const workspace = mkdtempSync(join(tmpdir(), 'berth-lb-'));
  const step = (kube: Kube | (() => Kube)) =>
    loadBalancersStep(cluster, workspace, patience, typeof kube === 'function' ? kube : () => kube);

  beforeAll(() => {
    mkdirSync(workspace, { recursive: true });
    writeFileSync(join(workspace, 'kubeconfig'), '');
  });
  afterAll(() => rmSync(workspace, { recursive: true }));

  it('are given back by the cluster, and waited for', async () => {
    const kube = server(
      object('Service', 'web', { type: 'LoadBalancer' }),
      object('Service', 'plain', { type: 'ClusterIP' }),
      object('Ingress', 'site'),
    );
    const found = await step(kube);
    expect(found?.details).toEqual(['delete service/web in shop', 'delete ingress/site in shop']);
    expect(kube.deleted).toEqual([]);
    const told: string[] = [];
    await found?.run(
      () => undefined,
      (line) => told.push(line),
    );
    expect(kube.deleted).toEqual(['Service/web', 'Ingress/site']);
    expect(told).toEqual(['waiting for service/web in shop, ingress/site in shop', 'all are gone']);
  });

  it('are no step where there are none', async () => {
    expect(await step(server(object('Service', 'plain', { type: 'ClusterIP' })))).toBeUndefined();
  });

  it('do not keep a cluster that cannot be asked, and that is said', async () => {
    const found = await step(() => {
      throw new UserError('the API server does not answer');
    });
    expect(found?.details).toEqual([
      'the cluster could not be asked for its load balancers: the API server does not answer',
      'see afterwards that none is left',
    ]);
    await found?.run(() => undefined);
  });
});
