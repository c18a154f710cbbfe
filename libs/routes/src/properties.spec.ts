import fc from 'fast-check';
import { difference } from './difference';
import type { Observed } from './observed';
import type { Route } from './route';
import { routeTable } from './route-table';
import { testService, testSlice } from './testing-objects';

const name = fc.constantFrom('a', 'b', 'a-b', 'b-a', 'x'.repeat(60));
const ports = fc.constantFrom('http', 'http,b', 'b', 'http,gone');
const address = fc.constantFrom('10.0.0.1', '10.0.0.2', 'fd00::1', '127.0.0.1', '10.123.0.1');
const service = fc.record({
  name,
  namespace: fc.constantFrom('a', 'b', 'a-b'),
  created: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z'),
  publicPorts: ports,
  proxy: fc.constantFrom(undefined, '{"hosts":["one.example"]}', '{"bodySize":"1m"}', 'no JSON'),
});
const slice = fc.record({
  name,
  namespace: fc.constantFrom('a', 'b', 'a-b'),
  addresses: fc.array(address, { maxLength: 3 }),
});
/** Few names, so that hosts collide often. */
const observed: fc.Arbitrary<Observed> = fc
  .record({
    services: fc.uniqueArray(service, { maxLength: 8, selector: (one) => `${one.namespace}/${one.name}` }),
    slices: fc.array(slice, { maxLength: 8 }),
  })
  .map(({ services, slices }) => ({
    services: services.map(({ name: given, ...options }) =>
      testService(given, {
        ...options,
        ports: [
          { name: 'http', port: 8080 },
          { name: 'b', port: 8081 },
        ],
      }),
    ),
    endpointSlices: [
      testSlice('kubernetes', ['10.123.0.1'], [{ name: 'https', port: 6443 }], 'default'),
      ...slices.map(({ name: given, namespace, addresses }) =>
        testSlice(
          given,
          addresses,
          [
            { name: 'http', port: 8080 },
            { name: 'b', port: 8081 },
          ],
          namespace,
        ),
      ),
    ],
  }));

describe('routeTable', () => {
  it('is the same from any order', () => {
    const shuffled = observed.chain((state) =>
      fc.tuple(
        fc.constant(state),
        fc.record({
          services: fc.shuffledSubarray([...state.services], { minLength: state.services.length }),
          endpointSlices: fc.shuffledSubarray([...state.endpointSlices], {
            minLength: state.endpointSlices.length,
          }),
        }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([state, other]) => {
        const one = routeTable(state);
        const two = routeTable(other);
        expect([...two.routes]).toEqual([...one.routes]);
        expect(two.refused).toEqual(one.refused);
      }),
    );
  });

  it('serves or refuses every host that is asked for, and never leads where it must not', () => {
    fc.assert(
      fc.property(observed, (state) => {
        const { routes, refused } = routeTable(state);
        for (const { metadata } of state.services) {
          const served = [...routes.values()].some(
            (route) => route.environment === metadata.namespace && route.service === metadata.name,
          );
          expect(served || refused.some((refusal) => refusal.service.uid === metadata.uid)).toBe(true);
        }
        for (const { endpoints } of routes.values()) {
          expect(endpoints).toEqual([...new Set(endpoints)].sort());
          expect(endpoints.filter((endpoint) => /^(127\.|10\.123\.)/.test(endpoint))).toEqual([]);
        }
        for (const host of routes.keys()) expect(host.split('.')[0]!.length).toBeLessThanOrEqual(63);
      }),
    );
  });
});

describe('difference', () => {
  it('applied to the old routes gives the new ones, and names nothing that stays', () => {
    fc.assert(
      fc.property(observed, observed, (before, after) => {
        const held = routeTable(before).routes;
        // Copied, so that equality is by value and not by identity.
        const wanted: ReadonlyMap<string, Route> = new Map(structuredClone([...routeTable(after).routes]));
        const { set, remove } = difference(held, wanted);
        const applied = new Map([...held, ...set]);
        for (const host of remove) expect(applied.delete(host)).toBe(true);
        expect(Object.fromEntries(applied)).toEqual(Object.fromEntries(wanted));
        for (const [host, route] of set) expect(held.get(host)).not.toEqual(route);
      }),
    );
  });

  it.each<Partial<Route>>([
    { environment: 'other' },
    { service: 'other' },
    { port: 'ws' },
    { protocol: 'grpc' },
    { endpoints: ['10.0.0.2:80'] },
    { endpoints: ['10.0.0.1:80', '10.0.0.2:80'] },
    { proxy: { connectTimeout: 2, readTimeout: 1, bodySize: '1m', path: '/' } },
    { proxy: { connectTimeout: 1, readTimeout: 2, bodySize: '1m', path: '/' } },
    { proxy: { connectTimeout: 1, readTimeout: 1, bodySize: '2m', path: '/' } },
    { proxy: { connectTimeout: 1, readTimeout: 1, bodySize: '1m', path: '/a' } },
    { proxy: { connectTimeout: 1, readTimeout: 1, bodySize: '1m', path: '/', redirect: 'https' } },
    { proxy: { connectTimeout: 1, readTimeout: 1, bodySize: '1m', path: '/', hsts: 0 } },
    { proxy: undefined },
  ])('sees a route that differs in %j', (other) => {
    const route: Route = {
      environment: 'staging',
      service: 'web',
      port: 'http',
      protocol: 'http',
      endpoints: ['10.0.0.1:80'],
      proxy: { connectTimeout: 1, readTimeout: 1, bodySize: '1m', path: '/' },
    };
    const changed = { ...route, ...other };
    const { set, remove } = difference(new Map([['a', route]]), new Map([['a', changed]]));
    expect([[...set], remove]).toEqual([[['a', changed]], []]);
  });
});
