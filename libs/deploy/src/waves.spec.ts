import type { Change } from './change';
import { worldKinds } from './testing-world';
import { waves as wavesOf, type Needs } from './waves';

const waves = (changes: Change[], needs: Needs) => wavesOf(changes, needs, worldKinds);

const change = (kind: string, name: string): Change => ({
  action: 'create',
  object: { apiVersion: 'v1', kind, name },
  fields: [],
  desired: {
    apiVersion: 'v1',
    kind,
    metadata: { name, labels: { 'app.kubernetes.io/name': name } },
  },
});
const names = (list: Change[][]) =>
  list.map((wave) => wave.map(({ object }) => `${object.kind}/${object.name}`));

it('puts namespaces, definitions and what pods stand on before the services, these in the order of their needs', () => {
  const changes = [
    change('Deployment', 'web'),
    change('Service', 'store'),
    change('ConfigMap', 'web'),
    change('CustomResourceDefinition', 'things'),
    change('Deployment', 'pricing'),
    change('Namespace', 'staging'),
  ];
  expect(names(waves(changes, { web: ['pricing'], pricing: ['store'] }))).toEqual([
    ['Namespace/staging'],
    ['CustomResourceDefinition/things'],
    ['ConfigMap/web'],
    ['Service/store'],
    ['Deployment/pricing'],
    ['Deployment/web'],
  ]);
});

it('puts services that need each other into one wave, and does not wait for what does not change', () => {
  const changes = [change('Deployment', 'ping'), change('Deployment', 'pong'), change('Deployment', 'web')];
  expect(names(waves(changes, { ping: ['pong'], pong: ['ping'], web: ['store'] }))).toEqual([
    ['Deployment/web'],
    ['Deployment/ping', 'Deployment/pong'],
  ]);
});

it('sends what makes pods last in its wave', () => {
  const kinds = ['Deployment', 'Service', 'StatefulSet', 'PodDisruptionBudget'];
  expect(
    names(
      waves(
        kinds.map((kind) => change(kind, 'web')),
        {},
      ),
    ),
  ).toEqual([['Service/web', 'PodDisruptionBudget/web', 'Deployment/web', 'StatefulSet/web']]);
});
