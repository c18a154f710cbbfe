import fc from 'fast-check';
import type { LiveObject } from '@berth/kube';
import type { ProbeFailure } from '../entries';
import { Table } from './table';
import { changesTo, FollowedTable } from './testing-cluster';
import { deployLease, namespace, podEvent, publicService, service } from './testing-objects';
import { PlainTable } from './testing-plain-table';

const start = new Date('2026-01-02T12:00:00Z');

/** Few names, so that hosts collide: that of `b` in `a-staging` is that of `b-a` in `staging`. */
const name = fc.constantFrom('b', 'b-a', 'web', 'constructor');
const environment = fc.constantFrom('staging', 'a-staging', 'kube-system');

const workloadObjects = fc
  .record({
    name,
    environment,
    ready: fc.boolean(),
    reason: fc.constantFrom('', '', 'ErrImagePull', 'CrashLoopBackOff', 'ContainerCreating'),
    message: fc.constantFrom('not found', 'connection refused'),
    kind: fc.constantFrom('Deployment', 'Deployment', 'StatefulSet'),
    started: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-02T12:00:00Z'),
    probed: fc.boolean(),
    pod: fc.constantFrom('1', '2'),
  })
  .map(({ name: given, kind, reason, message, started, probed, pod, ...options }) => {
    const objects = service(given, {
      ...options,
      ...(reason && { waiting: { reason, message } }),
      ...(!probed && { container: { readinessProbe: undefined } }),
      ...(!reason && { containerStatus: { state: { running: { startedAt: started } } } }),
    });
    const isDeployment = kind === 'Deployment';
    const uid = `${kind}:${options.environment}:${given}`;
    return objects.map((object) => {
      const { metadata } = object;
      if (object.kind === 'ReplicaSet') return object;
      if (object.kind === 'Deployment') return { ...object, kind, metadata: { ...metadata, uid } };
      const own = { name: `${given}-${pod}`, uid: `${metadata.uid}-${pod}` };
      const owner = isDeployment ? {} : { ownerReferences: [{ uid }] };
      return { ...object, metadata: { ...metadata, ...own, ...owner } } as LiveObject;
    });
  });
const routeObjects = fc
  .record({
    name,
    environment,
    created: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z', '2026-01-01T00:00:02Z'),
    owner: fc.option(name, { nil: undefined }),
    isPublic: fc.constantFrom(true, true, false),
    type: fc.constantFrom('ClusterIP', 'ClusterIP', 'ExternalName'),
    port: fc.constantFrom(8080, 8081),
  })
  .map(({ name: given, environment: of, created, owner, isPublic, type, port }) => {
    const spec = { type, selector: { app: given }, ports: [{ name: 'http', port }] };
    const [found, slice] = publicService(given, of, { spec }) as [LiveObject, LiveObject];
    const labels = {
      ...(isPublic && { 'berth.dev/public': 'true' }),
      ...(owner && { 'app.kubernetes.io/name': owner }),
    };
    return [{ ...found, metadata: { ...found.metadata, labels, creationTimestamp: created } }, slice];
  });
const eventObject = fc
  .record({
    name,
    environment,
    pod: fc.constantFrom('1', '2'),
    reason: fc.constantFrom('Unhealthy', 'FailedMount'),
  })
  .map(({ name: given, environment: of, pod, reason }) => {
    const event = podEvent(given, { reason, message: `${reason} of ${pod}` });
    const involvedObject = { kind: 'Pod', name: `${given}-${pod}`, uid: `Pod:${of}:${given}-${pod}` };
    return [
      {
        ...event,
        metadata: { ...event.metadata, name: `${given}.${reason}.${pod}`, namespace: of },
        involvedObject,
      },
    ] as LiveObject[];
  });
const namespaceObject = fc
  .record({ name: fc.constantFrom('staging', 'a-staging'), ttl: fc.constantFrom('1d', '2d') })
  .map(({ name: given, ttl }) => [namespace(given, { 'berth.dev/ttl': ttl })]);
const leaseObject = fc
  .record({ environment, at: fc.constantFrom(0, 30, 90) })
  .map(({ environment: of, at }) => [deployLease('ana', new Date(start.getTime() + at * 1000), of)]);
/** It refuses the only address that slices have here. */
const apiServer = fc.constantFrom('10.0.0.1', '10.0.0.9').map((address) => {
  const [, slice] = publicService('kubernetes', 'default');
  return [
    {
      ...slice!,
      metadata: { ...slice!.metadata, name: 'kubernetes' },
      endpoints: [{ addresses: [address], conditions: { ready: true } }],
    },
  ] as LiveObject[];
});

const change = fc.record({
  objects: fc.oneof(
    { weight: 6, arbitrary: workloadObjects },
    { weight: 4, arbitrary: routeObjects },
    { weight: 3, arbitrary: namespaceObject },
    { weight: 2, arbitrary: eventObject },
    { weight: 1, arbitrary: leaseObject },
    { weight: 1, arbitrary: apiServer },
  ),
  gone: fc.constantFrom(false, false, false, true),
  /** Of the objects: pods come without ReplicaSets, and stay without them. */
  some: fc.constantFrom<number[]>([0, 1, 2], [0, 1, 2], [0], [1], [2], [1, 2]),
});
const failure = (problem: string): ProbeFailure => ({ asked: 'http://b.staging', problem, since: '' });
const step = fc.record({
  changes: fc.array(change, { maxLength: 6 }),
  seconds: fc.constantFrom(0, 0, 1, 2, 31, 61),
  failing: fc.dictionary(
    fc.constantFrom('staging/b', 'a-staging/web', 'gone/web'),
    fc.constantFrom('refused', 'no answer').map((problem) => [failure(problem)]),
  ),
  /** Every object is another value than before, as after a list that began anew. */
  isRelisted: fc.constantFrom(false, false, false, true),
});

/** Two environments with a host that both ask for. */
const initial = [
  ...[namespace('staging'), namespace('a-staging')],
  ...[...publicService('b-a'), ...publicService('b', 'a-staging')],
];
const keyOf = ({ kind, metadata }: LiveObject) => `${kind} ${metadata.namespace} ${metadata.name}`;

it('is at each moment the table that the whole state gives, whatever came before', () => {
  const shown = { steps: 0, hopeless: 0, taken: 0, hosts: 0, failing: 0 };
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      const [table, plain] = [new FollowedTable(), new PlainTable()];
      let state = new Map(initial.map((object) => [keyOf(object), object]));
      let now = start;
      for (const { changes, seconds, failing, isRelisted } of steps) {
        now = new Date(now.getTime() + seconds * 1000);
        for (const { objects, gone, some } of changes) {
          for (const [index, object] of objects.entries()) {
            if (!some.includes(index) && objects.length > 1) continue;
            const key = keyOf(object);
            if (gone) state.delete(key);
            else state.set(key, object);
          }
        }
        if (isRelisted)
          state = new Map([...state].reverse().map(([key, object]) => [key, structuredClone(object)]));
        const objects = [...state.values()];
        const failures = new Map(Object.entries(failing));
        table.follow(objects, now, failures);
        const expected = plain.read(objects, failures, now);
        expect(Object.fromEntries(table.entries)).toEqual(Object.fromEntries(expected));
        shown.steps++;
        for (const entry of expected.values()) {
          if ('refused' in entry)
            shown.taken += Number(entry.refused.some(({ reason }) => reason === 'HostTaken'));
          if (!('state' in entry)) continue;
          shown.hopeless += Number(entry.state === 'hopeless');
          shown.hosts += Number(entry.hosts.length > 0);
          shown.failing += Number(entry.failing !== undefined);
        }
      }
    }),
    { numRuns: 400 },
  );
  // Else it would have shown little.
  for (const [what, times] of Object.entries(shown))
    expect([what, times > shown.steps / 100]).toEqual([what, true]);
});

it('names no other environment than the one that a change touches', () => {
  const table = new FollowedTable();
  const other = [
    namespace('prod'),
    ...service('web', { environment: 'prod' }),
    ...publicService('web', 'prod'),
  ];
  const own = [namespace('staging'), ...publicService('web')];
  table.follow([...other, ...own, ...service('web')], start);
  const named = table.follow([...other, ...own, ...service('web', { ready: false })], start);
  expect(named.sort()).toEqual(['environment/staging', 'service/staging/Deployment/web']);
  expect(table.follow([...other, ...own], start)).toContain('service/staging/Deployment/web');
});

it('looks at what is well no more when time alone passes, and at what is not', () => {
  const table = new FollowedTable();
  const objects = [
    ...[namespace('prod'), ...service('web', { environment: 'prod' })],
    ...[namespace('staging'), ...service('web', { waiting: { reason: 'ErrImagePull', message: 'refused' } })],
  ];
  table.follow(objects, start);
  expect(table.follow(objects, start).sort()).toEqual([
    'environment/staging',
    'service/staging/Deployment/web',
  ]);
});

it('keeps an environment that cannot be made as it was, and makes the others, until it can', () => {
  const table = new Table();
  const errors: string[] = [];
  let before: LiveObject[] = [];
  const take = (...objects: LiveObject[]) => {
    const changes = changesTo(objects, before);
    before = objects;
    const { set, gone } = table.take(changes, { now: start }, (environment) => errors.push(environment));
    return [...set.keys(), ...gone];
  };
  const [deployment, ...below] = service('web') as [LiveObject, ...LiveObject[]];
  const odd = { ...deployment, status: null } as unknown as LiveObject;
  take(namespace('staging'), deployment, ...below);
  expect(take(namespace('staging'), odd, ...below, namespace('prod'))).toEqual(['environment/prod']);
  expect(take(...before)).toEqual([]);
  expect(errors).toEqual(['staging', 'staging']);
  expect(take(namespace('staging'), deployment, ...below, namespace('prod'))).toContain(
    'service/staging/Deployment/web',
  );
  expect(errors).toHaveLength(2);
});
