import type { LiveObject } from '@berth/kube';
import { serviceStatus } from '@berth/orchestrators';
import type { EnvironmentEntry, ServiceEntry } from '../entries';
import { FollowedTable } from './testing-cluster';
import { deployLease, namespace, publicService, service } from './testing-objects';

const now = new Date('2026-01-02T12:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

function read(objects: readonly LiveObject[], { table = new FollowedTable(), at = now } = {}) {
  table.follow(objects, at);
  return {
    keys: [...table.entries.keys()],
    environment: (name = 'staging') => table.entries.get(`environment/${name}`) as EnvironmentEntry,
    service: (name: string) => table.entries.get(`service/staging/Deployment/${name}`) as ServiceEntry,
  };
}

const lastDeploy = {
  number: 3,
  at: '2026-01-02T11:00:00.000Z',
  author: 'ana@laptop',
  outcome: 'succeeded',
  commit: '0123456789abcdef',
};

describe('an environment', () => {
  it('says who deployed it last, and when it expires', () => {
    const annotations = { 'berth.dev/ttl': '2d', 'berth.dev/last-deploy': JSON.stringify(lastDeploy) };
    expect(read([namespace('staging', annotations)]).environment()).toEqual({
      name: 'staging',
      createdAt: '2026-01-01T00:00:00Z',
      ending: false,
      protected: false,
      ttl: '2d',
      expiresAt: '2026-01-04T11:00:00.000Z',
      lastDeploy,
      refused: [],
    });
  });

  it('never expires when it is protected', () => {
    const annotations = {
      'berth.dev/ttl': '2d',
      'berth.dev/protected': 'true',
      'berth.dev/last-deploy': JSON.stringify(lastDeploy),
    };
    const { protected: isProtected, expiresAt } = read([namespace('staging', annotations)]).environment();
    expect([isProtected, expiresAt]).toEqual([true, undefined]);
  });

  it('says who deploys, until the lease is over', () => {
    const objects = [namespace('staging'), deployLease('ben@laptop', now)];
    const table = new FollowedTable();
    expect(read(objects, { table }).environment().deploying).toMatchObject({ holder: 'ben@laptop' });
    expect(read(objects, { table, at: later(31) }).environment().deploying).toBeUndefined();
  });

  it('has no services of namespaces that are no environments', () => {
    expect(read([namespace('staging'), ...service('web', { environment: 'kube-system' })]).keys).toEqual([
      'environment/staging',
    ]);
  });
});

describe('a service', () => {
  it('is as nx status says, in the same words', () => {
    const waiting = { reason: 'ErrImagePull', message: 'localhost:5000/berth/web: not found' };
    const objects = [namespace('staging'), ...service('web', { waiting }), ...service('store')];
    const of = (kind: string) => objects.filter((object) => object.kind === kind);
    const observed = {
      workloads: of('Deployment'),
      replicaSets: of('ReplicaSet'),
      pods: of('Pod'),
      events: of('Event'),
    };
    const { health } = serviceStatus(observed.workloads[0]!, observed, new Map(), now);
    const { state, ready, wanted, message } = read(objects).service('web');
    expect({ state, ready, wanted, message }).toEqual({
      state: health.state,
      ready: health.ready,
      wanted: health.wanted,
      message: health.message,
    });
    expect([state, message]).toEqual(['hopeless', 'ErrImagePull: localhost:5000/berth/web: not found']);
    expect(read(objects).service('store')).toMatchObject({
      state: 'healthy',
      ready: 1,
      wanted: 1,
      message: '',
    });
  });

  it('is hopeless when what may pass has lasted too long, and may pass again after it was well', () => {
    const waiting = { reason: 'ErrImagePull', message: 'connection refused' };
    const unwell = [namespace('staging'), ...service('web', { waiting })];
    const table = new FollowedTable();
    const stateAt = (objects: LiveObject[], seconds: number) =>
      read(objects, { table, at: later(seconds) }).service('web').state;
    expect([stateAt(unwell, 0), stateAt(unwell, 59), stateAt(unwell, 61)]).toEqual([
      'progressing',
      'progressing',
      'hopeless',
    ]);
    expect(stateAt([namespace('staging'), ...service('web')], 62)).toBe('healthy');
    expect(stateAt(unwell, 3600)).toBe('progressing');
  });

  it('says which hosts lead to it; what is refused is told at the environment', () => {
    const away = { spec: { type: 'ExternalName', externalName: 'example.com' } };
    const found = read([
      namespace('staging'),
      ...service('web'),
      ...publicService('web'),
      ...publicService('away', 'staging', away),
    ]);
    expect(found.service('web').hosts).toEqual(['web-staging.localhost']);
    expect(found.service('web').ports).toEqual(['http 8080']);
    expect(found.environment().refused).toEqual([
      {
        service: 'away',
        reason: 'ExternalName',
        message: expect.stringContaining('leads out of the cluster'),
      },
    ]);
  });

  it('has the hosts of another namespace taken from it', () => {
    const table = new FollowedTable();
    const younger = publicService('b', 'a-staging').map((each) => ({
      ...each,
      metadata: { ...each.metadata, creationTimestamp: '2026-01-02T00:00:00Z' },
    }));
    const older = publicService('b-a');
    const both = [namespace('staging'), namespace('a-staging'), ...younger];
    expect(read(both, { table }).environment('a-staging').refused).toEqual([]);
    const { refused } = read([...both, ...older], { table }).environment('a-staging');
    expect(refused).toMatchObject([{ host: 'b-a-staging.localhost', reason: 'HostTaken' }]);
  });
});

it('forgets the signs of pods and services that have gone', () => {
  const table = new FollowedTable();
  const waiting = { reason: 'ErrImagePull', message: 'connection refused' };
  for (let round = 0; round < 50; round++) {
    const renamed = service('web', { waiting }).map((each) =>
      each.kind === 'Pod' ? { ...each, metadata: { ...each.metadata, uid: `pod-${round}` } } : each,
    );
    read([namespace('staging'), ...renamed], { table });
  }
  expect(table.signs).toBe(1);
  read([namespace('staging')], { table });
  expect(table.signs).toBe(0);
});
