import { renderSwarmObjects } from '@berth/manifests';
import { parseEnvironment, parseService, resolveEnvironment } from '@berth/model';
import { routeTable } from './route-table';
import { observedSwarmService, type SwarmService } from './swarm-service';

/** As Berth labels it. */
function rendered(name: string, document: object, environmentName = 'staging', more = {}): SwarmService {
  const environment = parseEnvironment(
    JSON.stringify({ orchestrator: 'swarm', projects: ['*'] }),
    { name: environmentName, root: `deploy/environments/${environmentName}` },
    { domain: 'localhost' },
  );
  const service = parseService(JSON.stringify(document), `apps/${name}/service.json`, name);
  const objects = renderSwarmObjects(environment, resolveEnvironment(environment, [service]), {
    registry: 'localhost:5000/berth',
  });
  return {
    id: `id-${environmentName}-${name}`,
    name: `${environmentName}_${name}`,
    createdAt: '2026-01-02T12:00:00.5Z',
    labels: objects.at(-1)?.metadata.labels ?? {},
    ...more,
  };
}

const PUBLIC = { ports: [{ name: 'http', port: 8080, public: true }] };
const table = (...services: SwarmService[]) =>
  routeTable({ services: services.map(observedSwarmService), endpointSlices: [] });

describe('observedSwarmService', () => {
  it('gives a service the hosts and settings that it has on Kubernetes', () => {
    const web = {
      ports: [
        { name: 'http', port: 8080, public: true },
        { name: 'rpc', port: 9000, appProtocol: 'grpc', public: true },
        { name: 'prices', port: 9001, appProtocol: 'ws', public: true },
        { name: 'metrics', port: 9002 },
      ],
      proxy: { hosts: ['desk.example.com'], readTimeout: 120 },
    };
    const { routes, refused } = table(rendered('web', web));
    expect(refused).toEqual([]);
    const settings = { environment: 'staging', service: 'web', endpoints: [], proxy: { readTimeout: 120 } };
    expect(Object.fromEntries(routes)).toEqual({
      'web-staging.localhost': { ...settings, port: 'http', protocol: 'http' },
      'desk.example.com': { ...settings, port: 'http', protocol: 'http' },
      'web-rpc-staging.localhost': { ...settings, port: 'rpc', protocol: 'grpc' },
      'web-prices-staging.localhost': { ...settings, port: 'prices', protocol: 'http' },
    });
  });

  it('takes whose it is from its name, whatever its labels say', () => {
    const stranger = rendered('web', PUBLIC);
    const labels = { ...stranger.labels, 'berth.dev/environment': 'prod' };
    expect([...table({ ...stranger, labels }).routes.keys()]).toEqual(['web-staging.localhost']);
    const { routes, refused } = table({ ...stranger, name: 'web' });
    expect([routes.size, refused[0]?.reason]).toEqual([0, 'HostInvalid']);
  });

  it.each([
    ['2026-01-02T12:00:00.12Z', '2026-01-02T12:00:00.123Z'],
    ['2026-01-02T12:00:00Z', '2026-01-02T12:00:00.000000001Z'],
    ['2026-01-02T12:00:00.9Z', '2026-01-02T12:00:01Z'],
  ])('of two that come to one host the one of %s keeps it before that of %s', (earlier, later) => {
    const first = rendered('b', PUBLIC, 'c-d', { createdAt: earlier });
    const second = rendered('b-c', PUBLIC, 'd', { createdAt: later });
    for (const services of [
      [first, second],
      [second, first],
    ]) {
      const { routes, refused } = table(...services);
      expect(routes.get('b-c-d.localhost')).toMatchObject({ environment: 'c-d', service: 'b' });
      expect(refused).toMatchObject([{ service: { namespace: 'd' }, reason: 'HostTaken' }]);
    }
  });

  it.each(['{', '{}', '[1, null]', '[{"name":"http","port":8080,"appProtocol":"constructor"}]'])(
    'knows no port of the label %s, which is refused',
    (ports) => {
      const web = rendered('web', PUBLIC);
      const { routes, refused } = table({ ...web, labels: { ...web.labels, 'berth.dev/ports': ports } });
      expect([routes.size, refused[0]?.reason]).toEqual([0, 'UnknownPort']);
    },
  );
});
