import { kubernetesKinds } from './kinds';

const workload = (kind: string, spec: Record<string, unknown>) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'web' },
  spec: { template: { spec } },
});

it('names the images of all containers, without those that are put on the nodes by hand', () => {
  const containers = [{ image: 'web:1' }, { image: 'beside:1', imagePullPolicy: 'IfNotPresent' }];
  const initContainers = [{ image: 'first:1' }, { image: 'loaded:1', imagePullPolicy: 'Never' }];
  expect(kubernetesKinds.images(workload('Deployment', { containers, initContainers }))).toEqual([
    'web:1',
    'beside:1',
    'first:1',
  ]);
});

it('finds none in what starts no containers', () => {
  expect(kubernetesKinds.images({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' } })).toEqual(
    [],
  );
});
