import { UserError } from '@berth/model';
import type { Refusal, ServedRoute, ServedRoutes } from '@berth/routes';
import { differences } from './differences';
import { ofEnvironment, type GatewayRow } from './read-gateways';
import { routesLines } from './routes-lines';

const route = (service: string, endpoints: string[], more: Partial<ServedRoute> = {}): ServedRoute => ({
  environment: 'staging',
  service,
  port: 'http',
  protocol: 'http',
  endpoints,
  since: '2026-01-02T11:55:07.123Z',
  ...more,
});
const gateway = (pod: string, served: Partial<ServedRoutes>): GatewayRow => ({
  pod,
  served: { generation: 7, listed: true, routes: {}, refused: [], ...served },
});
const refusal = (namespace: string, name: string): Refusal => ({
  service: { namespace, name, uid: name },
  host: `${name}.localhost`,
  reason: 'HostTaken',
  message: 'the Service a/b has the host',
});
const web = 'web-staging.localhost';

describe('routesLines', () => {
  it('shows each host with its service, since when it is as it is, and its endpoints, and what is refused', () => {
    const served = {
      routes: {
        [web]: route('web', ['10.0.0.1:80', '10.0.0.2:80', '10.0.0.3:80', '10.0.0.4:80', '10.0.0.5:80']),
        'store-staging.localhost': route('store', [], { since: undefined }),
      },
      refused: [refusal('staging', 'web'), refusal('feature', 'web')],
    };
    const same = gateway('gateway-b', { ...served, generation: 90 });
    expect(routesLines([gateway('gateway-a', served), same])).toEqual([
      'host                     service             since                endpoints',
      'store-staging.localhost  staging/store:http  not known            none is ready',
      'web-staging.localhost    staging/web:http    2026-01-02 11:55:07  10.0.0.1:80 10.0.0.2:80 10.0.0.3:80 and 2 more',
      '',
      'refused',
      'feature/web  web.localhost  HostTaken  the Service a/b has the host',
      'staging/web  web.localhost  HostTaken  the Service a/b has the host',
    ]);
  });

  it('takes the time of the pod that serves a route longest', () => {
    const at = (since: string | undefined) => ({
      routes: { [web]: route('web', ['10.0.0.1:80'], { since }) },
    });
    for (const times of [
      ['2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z'],
      ['2026-01-01T00:00:00Z', undefined],
    ]) {
      const lines = routesLines(times.map((time, index) => gateway(`gateway-${index}`, at(time))));
      expect(lines).toHaveLength(2);
      expect(lines[1]).toContain('2026-01-01 00:00:00');
    }
  });

  it('says in what pods differ, and what is wrong with them', () => {
    const rows: GatewayRow[] = [
      gateway('gateway-a', { routes: { [web]: route('web', ['10.0.0.1:80']) }, listed: false }),
      gateway('gateway-b', { routes: { [web]: route('web', []) }, generation: 0 }),
      gateway('gateway-c', {}),
      { pod: 'gateway-d', failure: new UserError('it does not answer') },
    ];
    expect(routesLines(rows).slice(2)).toEqual([
      '',
      'gateway-a: it has not seen the cluster yet and serves the routes of an earlier run',
      'gateway-b: its nginx does not answer',
      'gateway-d: it does not answer',
      `${web}: gateway-a leads to staging/web:http (10.0.0.1:80), ` +
        'gateway-b leads to staging/web:http (none is ready), gateway-c has no route',
    ]);
  });

  it('says when there is nothing', () => {
    expect(routesLines([gateway('gateway-a', {})])).toEqual(['No host has a route.']);
  });
});

describe('differences', () => {
  it('are none when only numbers and times differ', () => {
    const at = (since: string) => ({ routes: { [web]: route('web', ['10.0.0.1:80'], { since }) } });
    expect(
      differences([gateway('a', at('2026-01-01T00:00:00Z')), gateway('b', { ...at('2026'), generation: 1 })]),
    ).toEqual([]);
  });
});

describe('ofEnvironment', () => {
  it('leaves out the routes and refusals of others', () => {
    const served = {
      routes: { [web]: route('web', []), other: route('web', [], { environment: 'feature' }) },
      refused: [refusal('staging', 'web'), refusal('feature', 'web')],
    };
    expect(ofEnvironment([gateway('a', served)], 'staging')).toEqual([
      gateway('a', { routes: { [web]: route('web', []) }, refused: [refusal('staging', 'web')] }),
    ]);
  });
});
