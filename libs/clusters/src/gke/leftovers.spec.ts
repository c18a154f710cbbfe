import { deletions, leftoverLines, leftoversOf, nodePrefixes, type Inventory } from './leftovers';

const base = 'https://www.googleapis.com/compute/v1/projects/desk-123';
const zone = `${base}/zones/europe-west1-b`;
const region = `${base}/regions/europe-west1`;
const volume = (name: string, cluster: string, location = 'europe-west1-b') => ({
  ...{ name, zone, sizeGb: '10' },
  labels: { 'goog-k8s-cluster-name': cluster, 'goog-k8s-cluster-location': location },
});
const pool = (name: string, ...nodes: string[]) => ({
  ...{ name, region },
  instances: nodes.map((node) => `${zone}/instances/${node}`),
});
const rule = (name: string, address: string, description = '{"kubernetes.io/service-name":"shop/web"}') => ({
  ...{ name, region, description, IPAddress: address },
  target: `${region}/targetPools/${name}`,
});

const inventory: Inventory = {
  disks: [
    volume('pvc-1', 'prod'),
    volume('pvc-2', 'staging'),
    volume('pvc-3', 'prod', 'europe-west3-a'),
    // A node starts from it, and it goes with the node.
    volume('gke-prod-default-pool-1a2b3c4d-wxyz', 'prod'),
    { name: 'pvc-of-nobody', zone },
  ],
  targetPools: [
    pool('a1', 'gke-prod-default-pool-1a2b3c4d-wxyz'),
    pool('a2', 'gke-prod-eu-default-pool-99999999-wxyz'),
    pool('a3', 'web-1'),
  ],
  forwardingRules: [
    rule('a1', '192.0.2.1'),
    rule('a2', '192.0.2.2'),
    rule('a3', '192.0.2.3', 'made by hand'),
  ],
  addresses: [
    { name: 'a1', region, address: '192.0.2.1', description: '{"kubernetes.io/service-name":"shop/web"}' },
    { name: 'own', region, address: '192.0.2.1', description: 'of the company' },
  ],
};
const prod = { name: 'prod', location: 'europe-west1-b' };

describe('what a cluster of GKE leaves behind', () => {
  const left = leftoversOf(prod, nodePrefixes('prod', undefined), inventory);

  it('is its own, not that of a cluster whose name begins alike, nor what people made', () => {
    expect(
      Object.fromEntries(
        Object.entries(left).map(([kind, all]) => [kind, all.map(({ name }: { name: string }) => name)]),
      ),
    ).toEqual({
      disks: ['pvc-1'],
      forwardingRules: ['a1'],
      targetPools: ['a1'],
      addresses: ['a1'],
    });
  });

  it('is known by the instance groups while they are there', () => {
    const groups = [`${zone}/instanceGroupManagers/gke-prod-eu-default-pool-99999999-grp`];
    expect(leftoversOf(prod, nodePrefixes('prod', groups), inventory).targetPools).toMatchObject([
      { name: 'a2' },
    ]);
  });

  it('is listed, and deleted in the order of who uses whom', () => {
    expect(leftoverLines(left)).toEqual([
      'delete load balancer a1 (192.0.2.1)',
      'delete target pool a1',
      'delete address a1 (192.0.2.1)',
      'delete disk pvc-1 (10 GB) with all data',
    ]);
    expect(deletions(left, 'desk-123').map((args) => args.join(' '))).toEqual([
      'compute forwarding-rules delete a1 --project desk-123 --region europe-west1',
      'compute target-pools delete a1 --project desk-123 --region europe-west1',
      'compute addresses delete a1 --project desk-123 --region europe-west1',
      'compute disks delete pvc-1 --project desk-123 --zone europe-west1-b',
    ]);
  });
});
