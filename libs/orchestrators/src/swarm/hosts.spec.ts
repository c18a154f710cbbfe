import type { Change } from '@berth/deploy';
import { isSwarmService, renderSwarmObjects, type SwarmService } from '@berth/manifests';
import { parseEnvironment, parseService, resolveEnvironment } from '@berth/model';
import { takenHosts } from '../taken-hosts';
import type { DockerService } from './docker/objects';
import { hostsAmong } from './hosts';

const http = { name: 'http', port: 8080, public: true };

/** The service of an environment that has one. */
function service(environment: string, name: string, document: object = {}): SwarmService {
  const text = JSON.stringify({ orchestrator: 'swarm', projects: [name] });
  const folder = { name: environment, root: `deploy/environments/${environment}` };
  const parsed = parseEnvironment(text, folder, { domain: 'localhost' });
  const file = `apps/${name}/service.json`;
  const services = [parseService(JSON.stringify({ ports: [http], ...document }), file, name)];
  const objects = renderSwarmObjects(parsed, resolveEnvironment(parsed, services), { registry: 'r' });
  return objects.find(isSwarmService) as SwarmService;
}

/** As dockerd lists it. */
function live({ metadata }: SwarmService): DockerService {
  return {
    ID: metadata.name,
    Version: { Index: 1 },
    CreatedAt: '2026-11-01T00:00:00Z',
    UpdatedAt: '2026-11-01T00:00:00Z',
    Spec: {
      Name: `${metadata.namespace}_${metadata.name}`,
      ...(metadata.labels && { Labels: metadata.labels }),
      Mode: { Replicated: { Replicas: 1 } },
      TaskTemplate: {},
    },
  };
}

const create = (desired: SwarmService, before?: SwarmService): Change => ({
  action: before ? 'change' : 'create',
  object: { apiVersion: desired.apiVersion, kind: desired.kind, name: desired.metadata.name },
  fields: [],
  desired,
  ...(before && { live: before }),
});
const taken = (changes: Change[], ...others: SwarmService[]) =>
  takenHosts('staging', changes, hostsAmong(others.map(live)));

it('of every host that another environment has, it is said which', async () => {
  const proxy = { hosts: ['shop.example.com'] };
  // web-a in staging and web in a-staging come to one.
  const problems = await taken(
    [create(service('staging', 'web-a')), create(service('staging', 'shop', { proxy }))],
    service('a-staging', 'web'),
    service('prod', 'front', { proxy }),
  );
  expect(problems).toEqual([
    'service/web-a asks for the host web-a-staging.localhost, which service/web in a-staging has. Give the service, the port or the environment another name, or the service other proxy.hosts.',
    'service/shop asks for the host shop.example.com, which service/front in prod has. Give the service, the port or the environment another name, or the service other proxy.hosts.',
  ]);
});

it.each<[string, Change, SwarmService]>([
  ['another host', create(service('staging', 'web')), service('a-staging', 'web')],
  ['its own', create(service('staging', 'web')), service('staging', 'web')],
  [
    'one that is not public any more',
    create(service('staging', 'web-a', { ports: [{ ...http, public: false }] })),
    service('a-staging', 'web'),
  ],
  [
    'what it had before',
    create(service('staging', 'web-a', { command: ['other'] }), service('staging', 'web-a')),
    service('a-staging', 'web'),
  ],
])('%s is no matter', async (_what, change, other) => {
  expect(await taken([change], other)).toEqual([]);
});

it('every protocol that can be public is known', async () => {
  const ports = ['http', 'h2c', 'grpc', 'ws'].map((appProtocol, index) => ({
    ...{ name: appProtocol, port: 8080 + index, public: true, appProtocol },
  }));
  const mine = create(service('staging', 'web-a', { ports }));
  const problems = await taken([mine], service('a-staging', 'web', { ports }));
  // Only the first port's host has the same name in both.
  expect(problems).toHaveLength(1);
  const same = service('a-staging', 'web', { ports, proxy: { hosts: ['web-a-grpc-staging.localhost'] } });
  expect(await taken([mine], same)).toHaveLength(2);
});

it('of a service whose labels nobody can read nothing is known', async () => {
  const other = service('a-staging', 'web');
  other.metadata.labels = { ...other.metadata.labels, 'berth.dev/ports': '{' };
  expect(await taken([create(service('staging', 'web-a'))], other)).toEqual([]);
});
