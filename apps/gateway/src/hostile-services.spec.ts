import { routeTable } from '@berth/routes';
import fc from 'fast-check';
import { hostileCluster } from './testing-hostile-services';

const HOST = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const ENDPOINT = /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:.]+\]):\d{1,5}$/;

describe('Services that mean harm', () => {
  it('come to routes of checked values only', () => {
    let routed = 0;
    fc.assert(
      fc.property(hostileCluster, (observed) => {
        for (const [host, route] of routeTable(observed).routes) {
          const { environment, service, port, protocol, endpoints, proxy = {} } = route;
          routed++;
          expect(host).toMatch(HOST);
          for (const name of [environment, service, port]) expect(name).toMatch(LABEL);
          expect(['http', 'h2c', 'grpc']).toContain(protocol);
          for (const endpoint of endpoints) expect(endpoint).toMatch(ENDPOINT);
          const { connectTimeout = 1, readTimeout = 1, bodySize = '1m', path = '/', ...others } = proxy;
          for (const seconds of [connectTimeout, readTimeout]) {
            expect(Number.isInteger(seconds)).toBe(true);
            expect(seconds).toBeGreaterThanOrEqual(1);
            expect(seconds).toBeLessThanOrEqual(86_400);
          }
          expect(bodySize).toMatch(/^\d{1,10}[kmg]?$/);
          expect(path).toMatch(/^\/[A-Za-z0-9._~/-]*$/);
          expect(others).toEqual({});
        }
      }),
      { numRuns: 1000 },
    );
    // Else it would have shown nothing.
    expect(routed).toBeGreaterThan(300);
  });

  const hostile = (annotations: Record<string, string>) =>
    routeTable({
      services: [
        {
          metadata: {
            ...{ name: 'web', namespace: 'staging', uid: 'uid', creationTimestamp: '2026-01-01T00:00:00Z' },
            labels: { 'berth.dev/public': 'true' },
            annotations: {
              'berth.dev/domain': 'localhost',
              'berth.dev/public-ports': 'http',
              ...annotations,
            },
          },
          spec: { type: 'ClusterIP', selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] },
        },
      ],
      endpointSlices: [],
    });

  // Annotations may have 256 kB: each host is a route with all endpoints, and each refusal an Event.
  it('get no more than 100 hosts', () => {
    const hosts = (count: number) =>
      JSON.stringify({ hosts: Array.from({ length: count }, (_, index) => `h${index}.x`) });
    expect(hostile({ 'berth.dev/proxy': hosts(100) }).routes.size).toBe(101);
    const { routes, refused } = hostile({ 'berth.dev/proxy': hosts(101) });
    expect(routes.size).toBe(0);
    expect(refused).toMatchObject([{ reason: 'InvalidAnnotation' }]);
    expect(refused[0]!.message).toContain('101 items; at most 100');
  });

  it('get one refusal, and not thousands, for a list of ports without end', () => {
    const names = Array.from({ length: 101 }, (_, index) => `port-${index}`).join(',');
    const { refused } = hostile({ 'berth.dev/public-ports': names });
    expect(refused).toMatchObject([{ reason: 'InvalidAnnotation' }]);
    expect(refused[0]!.message).toContain('101 ports; at most 100');
  });
});
