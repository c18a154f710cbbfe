import fc from 'fast-check';
import { difference } from './difference';
import { LiveRouteTable } from './live-route-table';
import type { ObservedEndpointSlice, ObservedService } from './observed';
import { plainTable } from './testing-plain-table';
import { testService, testSlice } from './testing-objects';

/** Few names, so that hosts collide and slices change hands often. */
const name = fc.constantFrom('a', 'b', 'a-b', 'b-a', 'x'.repeat(60));
const namespace = fc.constantFrom('a', 'b', 'a-b');
const ports = [
  { name: 'http', port: 8080 },
  { name: 'b', port: 8081 },
];
const proxies = [
  '{"hosts":["one.example"]}',
  '{"hosts":["one.example","b-a.localhost"]}',
  '{"bodySize":"1m"}',
  'no',
];
const service = fc
  .record({
    name,
    namespace,
    created: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z', '2026-01-01T00:00:02Z'),
    publicPorts: fc.constantFrom('http', 'http,b', 'b', 'b,http', 'http,gone'),
    proxy: fc.option(fc.constantFrom(...proxies), { nil: undefined }),
    spec: fc.constantFrom({}, {}, {}, { type: 'ExternalName' }),
    isPublic: fc.constantFrom(true, true, true, false),
    uid: fc.constantFrom('1', '2'),
  })
  .map(({ name: given, isPublic, uid, ...options }): ObservedService => {
    const { metadata, ...rest } = testService(given, { ...options, ports });
    return {
      ...rest,
      metadata: { ...metadata, uid, labels: isPublic ? metadata.labels : {} } as typeof metadata,
    };
  });
const address = fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3', 'fd00::1', '127.0.0.1', '10.123.0.1');
const slice = fc
  .record({ name, namespace, addresses: fc.array(address, { maxLength: 3 }), named: fc.boolean() })
  .map(({ name: given, namespace: of, addresses, named }): ObservedEndpointSlice => {
    const found = testSlice(given, addresses, ports, of);
    return named ? found : { ...found, metadata: { ...found.metadata, labels: {} } };
  });
const apiServer = fc
  .subarray(['10.123.0.1', '10.0.0.3'])
  .map((addresses) => testSlice('kubernetes', addresses, [{ name: 'https', port: 6443 }], 'default'));

type Change =
  { service: ObservedService; gone: boolean } | { slice: ObservedEndpointSlice; name: string; gone: boolean };
const gone = fc.constantFrom(false, false, false, true);
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ service, gone }) },
  { weight: 5, arbitrary: fc.record({ slice, name: fc.constantFrom('1', '2', '3', '4', '5', '6'), gone }) },
  { weight: 1, arbitrary: fc.record({ slice: apiServer, name: fc.constant('kubernetes'), gone }) },
);
const step = fc.record({
  changes: fc.array(change, { minLength: 1, maxLength: 6 }),
  apiServers: fc.constantFrom([], [], ['10.0.0.2']),
});

const keyOf = ({ metadata }: ObservedService) => `${metadata.namespace}/${metadata.name}`;

describe('a table that is kept current', () => {
  it('is at each moment the one that the whole state gives, and says exactly what is other than before', () => {
    let [collisions, steps] = [0, 0];
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (all) => {
        const table = new LiveRouteTable();
        const services = new Map<string, ObservedService>();
        const slices = new Map<string, ObservedEndpointSlice>();
        for (const { changes, apiServers } of all) {
          const changed = { services: new Map(), endpointSlices: new Map() };
          for (const each of changes) {
            const [kind, key, value] =
              'service' in each
                ? (['services', keyOf(each.service), each.service] as const)
                : (['endpointSlices', each.name, each.slice] as const);
            const held: Map<string, unknown> = kind === 'services' ? services : slices;
            if (each.gone) held.delete(key);
            else held.set(key, value);
            changed[kind].set(key, each.gone ? undefined : value);
          }
          const before = { routes: new Map(table.routes), refused: table.refused };
          const { hosts, refused } = table.take(changed, apiServers);
          const expected = plainTable(
            { services: [...services.values()], endpointSlices: [...slices.values()] },
            apiServers,
          );
          expect(Object.fromEntries(table.routes)).toEqual(Object.fromEntries(expected.routes));
          expect(table.refused).toEqual(expected.refused);
          const { set, remove } = difference(before.routes, table.routes);
          expect([...hosts].sort()).toEqual([...set.keys(), ...remove].sort());
          const of = (refusals: typeof before.refused, key: string) =>
            refusals.filter(({ service: { namespace: its, name: own } }) => `${its}/${own}` === key);
          const others = [
            ...new Set(
              [...before.refused, ...table.refused].map((each) => keyOf({ metadata: each.service } as never)),
            ),
          ];
          const differing = others.filter(
            (key) => JSON.stringify(of(before.refused, key)) !== JSON.stringify(of(table.refused, key)),
          );
          expect([...refused].sort()).toEqual(differing.sort());
          steps++;
          collisions += Number(table.refused.some(({ reason }) => reason === 'HostTaken'));
        }
      }),
      { numRuns: 400 },
    );
    // Else it would have shown nothing of them.
    expect(collisions).toBeGreaterThan(steps / 50);
  });

  it('says nothing of a Service whose status alone is other, and keeps its route the same value', () => {
    const table = new LiveRouteTable();
    const web = testService('web');
    const key = 'staging/web';
    table.take({
      services: new Map([[key, web]]),
      endpointSlices: new Map([['1', testSlice('web', ['10.0.0.1'])]]),
    });
    const route = table.routes.get('web-staging.localhost');
    const later = { ...web, status: { loadBalancer: {} } };
    const { hosts, refused } = table.take({ services: new Map([[key, later]]), endpointSlices: new Map() });
    expect([hosts.size, refused.size]).toEqual([0, 0]);
    expect(table.routes.get('web-staging.localhost')).toBe(route);
    expect(table.service(key)).toBe(later);
  });
});
