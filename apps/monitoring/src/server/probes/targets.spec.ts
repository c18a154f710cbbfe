import type { LiveObject } from '@berth/kube';
import { keptOf } from '../kept';
import { FollowedTable } from '../testing-cluster';
import { namespace, publicService, service } from '../testing-objects';
import { Targets } from './targets';

const probed = (httpGet: object, container: object = {}) => ({
  container: { ports: [{ name: 'http', containerPort: 8080 }], readinessProbe: { httpGet }, ...container },
});
const onHttp = probed({ path: '/readyz', port: 'http' });
const ports = [
  { name: 'http', port: 8080, targetPort: 'http' },
  { name: 'web80', port: 80, targetPort: 'http' },
];

/** A Service that leads to the pods of `service()`, and its endpoint. */
function inside(name: string, spec: object = {}, environment = 'staging'): LiveObject[] {
  const selector = { 'app.kubernetes.io/name': name };
  const whole = { type: 'ClusterIP', clusterIP: '10.96.0.7', selector, ports, ...spec };
  return publicService(name, environment, { spec: whole });
}

/** The template has the labels that its pods will have. */
function workload(
  name: string,
  options: Parameters<typeof service>[1] = {},
  spec: object = {},
): LiveObject[] {
  const [deployment, ...others] = service(name, options) as [LiveObject, ...LiveObject[]];
  const own = deployment['spec'] as { template: object };
  const template = { ...own.template, metadata: { labels: { 'app.kubernetes.io/name': name } } };
  return [{ ...deployment, spec: { ...own, template, ...spec } }, ...others];
}

function read(found: Targets, objects: readonly LiveObject[], table = new FollowedTable()) {
  table.follow(objects, new Date());
  return found.read(table, { namespace: 'admin', name: 'gateway' });
}
const targets = (...objects: LiveObject[]) =>
  read(new Targets(), [namespace('staging'), ...objects].map(keptOf));
const gateway = inside('gateway', { clusterIP: '10.96.0.1' }, 'admin');

it('asks the path of readiness by the name that other environments use', () => {
  expect(targets(...workload('web', onHttp), ...inside('web'))).toEqual([
    {
      id: 'health/staging/web',
      environment: 'staging',
      service: 'web',
      probe: 'health',
      name: 'web.staging',
      address: '10.96.0.7',
      port: 80,
      host: 'web.staging',
      path: '/readyz',
    },
  ]);
});

it('asks each public address through the gateway, as soon as there is one', () => {
  const objects = [...workload('web', onHttp), ...inside('web')];
  const proxy = { 'berth.dev/proxy': '{"path":"/api"}' };
  const [web, slice] = inside('web') as [LiveObject, LiveObject];
  const annotations = { ...web.metadata.annotations, ...proxy };
  const withPath = [{ ...web, metadata: { ...web.metadata, annotations } }, slice];
  const address = ({ probe }: { probe: string }) => probe === 'address';
  expect(targets(...objects).filter(address)).toEqual([]);
  expect(targets(...objects, ...gateway).filter(address)).toEqual([
    expect.objectContaining({
      id: 'address/web-staging.localhost',
      service: 'web',
      name: 'gateway.admin',
      address: '10.96.0.1',
      port: 80,
      host: 'web-staging.localhost',
      path: '/',
    }),
  ]);
  const [found] = targets(...workload('web', onHttp), ...withPath, ...gateway).filter(address);
  expect(found!.path).toBe('/api');
});

it.each([
  ['a port by number', probed({ path: '/a', port: 8080 }), {}, 80],
  [
    'a port of its own',
    probed({ path: '/a', port: 'health' }),
    { ports: [{ port: 8081, targetPort: 'health' }] },
    8081,
  ],
  [
    'a Service that names the port by number',
    probed({ path: '/a', port: 'http' }),
    { ports: [{ port: 9090, targetPort: 8080 }] },
    9090,
  ],
  ['a Service that says no target', probed({ path: '/a', port: 8080 }), { ports: [{ port: 8080 }] }, 8080],
])('finds the port by which its Service leads there: %s', (_, options, spec, port) => {
  const [target] = targets(...workload('web', options), ...inside('web', spec));
  expect([target?.port, target?.host]).toEqual([port, port === 80 ? 'web.staging' : `web.staging:${port}`]);
});

describe('asks nothing of', () => {
  it.each<[string, object, object, object?]>([
    [
      'a Service that leads out of the cluster',
      onHttp,
      { type: 'ExternalName', externalName: 'example.com' },
    ],
    ['a Service of which nobody knows the pods', onHttp, { selector: null }],
    ['a Service of other pods', onHttp, { selector: { 'app.kubernetes.io/name': 'store' } }],
    ['a Service without an address of its own', onHttp, { clusterIP: 'None' }],
    ['a Service that does not lead there', probed({ path: '/', port: 'health' }), {}],
    ['a port that is not TCP', onHttp, { ports: [{ port: 80, targetPort: 'http', protocol: 'UDP' }] }],
    ['a probe of another host', probed({ path: '/', port: 'http', host: 'example.com' }), {}],
    [
      'a probe with headers of its own',
      probed({ path: '/', port: 'http', httpHeaders: [{ name: 'Host', value: 'a' }] }),
      {},
    ],
    ['a probe over TLS', probed({ path: '/', port: 'http', scheme: 'HTTPS' }), {}],
    ['a path with what may end a request', probed({ path: '/ HTTP/1.1\r\nHost: a', port: 'http' }), {}],
    ['a container that is asked otherwise', { container: { readinessProbe: { tcpSocket: {} } } }, {}],
    ['a service that wants no pod', onHttp, {}, { replicas: 0 }],
  ])('%s', (_, options, service, spec = {}) => {
    expect(targets(...workload('web', options, spec), ...inside('web', service), ...gateway)).toEqual(
      // Its address is another matter, where there are pods.
      expect.not.arrayContaining([expect.objectContaining({ probe: 'health' })]),
    );
  });

  it.each(['a.b', 'A', 'example.com/x', 'a@b', '-a', 'a'.repeat(64), '__proto__'])(
    'a Service named %s',
    (name) => {
      expect(targets(...workload(name, onHttp), ...inside(name))).toEqual([]);
    },
  );

  it('an environment that is being deleted', () => {
    const objects = [...workload('web', onHttp), ...inside('web')];
    const { metadata, ...ending } = namespace('staging');
    const deletionTimestamp = '2026-01-01T00:00:00Z';
    expect(
      read(new Targets(), [{ ...ending, metadata: { ...metadata, deletionTimestamp } }, ...objects]),
    ).toEqual([]);
    expect(read(new Targets(), [namespace('staging'), ...objects])).toHaveLength(1);
  });
});

it('asks a service once while one of its workloads takes the place of another', () => {
  const [deployment] = workload('web', onHttp);
  const statefulSet = { ...deployment!, kind: 'StatefulSet' };
  expect(targets(deployment!, statefulSet, ...inside('web'))).toHaveLength(1);
});

it('follows what changes, and looks at nothing else again', () => {
  const found = new Targets();
  const [web, store] = ['web', 'store'].map((name) =>
    [...workload(name, onHttp), ...inside(name)].map(keptOf),
  );
  const all = [namespace('staging'), ...web!, ...store!];
  const table = new FollowedTable();
  const readNow = (objects: readonly LiveObject[]) => read(found, objects, table);
  const [first] = readNow(all);
  expect(readNow(all)[0]).toBe(first);
  const [elsewhere] = inside('store', {}, 'prod').map(keptOf);
  expect(readNow([...all, namespace('prod'), elsewhere!])[0]).toBe(first);
  const other = inside('web', { clusterIP: '10.96.0.9' }).map(keptOf);
  const changed = readNow([namespace('staging'), web![0]!, ...other, ...store!]);
  expect(changed.map(({ service, address }) => [service, address])).toEqual([
    ['store', '10.96.0.7'],
    ['web', '10.96.0.9'],
  ]);
  expect(readNow([namespace('staging'), ...store!]).map(({ service }) => service)).toEqual(['store']);
});
