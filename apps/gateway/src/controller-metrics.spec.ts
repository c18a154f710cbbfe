import type { Refusal } from '@berth/routes';
import { ControllerMetrics } from './controller-metrics';
import type { Status } from './status-server';
import { testRoutes } from './testing-objects';

const refusal = (reason: Refusal['reason']): Refusal => ({
  service: { namespace: 'staging', name: 'web', uid: 'uid' },
  reason,
  message: '',
});

describe("the controller's metrics", () => {
  let status: Status;
  beforeEach(() => {
    status = {
      generation: 7,
      listed: true,
      routes: testRoutes({ a: [], b: [] }),
      since: new Map(),
      refused: [refusal('HostTaken'), refusal('HostTaken'), refusal('NoSelector')],
      certificates: [],
    };
  });
  const lines = async (metrics: ControllerMetrics) =>
    (await metrics.text()).split('\n').filter((line) => line && !line.startsWith('#'));

  it('say the table, and what is refused and why, as they are when they are asked', async () => {
    const metrics = new ControllerMetrics(() => status);
    expect(await lines(metrics)).toEqual(
      expect.arrayContaining([
        'berth_gateway_routes 2',
        'berth_gateway_generation 7',
        'berth_gateway_listed 1',
        'berth_gateway_refusals{reason="HostTaken"} 2',
        'berth_gateway_refusals{reason="NoSelector"} 1',
      ]),
    );
    status = { ...status, listed: false, refused: [refusal('NoSelector')] };
    const later = await lines(metrics);
    expect(later).toContain('berth_gateway_listed 0');
    expect(later.filter((line) => line.includes('refusals'))).toEqual([
      'berth_gateway_refusals{reason="NoSelector"} 1',
    ]);
  });

  it('say of each route how many endpoints are ready', async () => {
    const metrics = new ControllerMetrics(() => status);
    status = { ...status, routes: testRoutes({ a: ['10.0.0.1:80', '10.0.0.2:80'], b: [] }) };
    const endpoints = async () => (await lines(metrics)).filter((line) => line.includes('route_endpoints'));
    expect(await endpoints()).toEqual([
      'berth_gateway_route_endpoints{environment="staging",service="a",host="a"} 2',
      'berth_gateway_route_endpoints{environment="staging",service="b",host="b"} 0',
    ]);
    status = { ...status, routes: testRoutes({ b: [] }) };
    expect(await endpoints()).toHaveLength(1);
  });

  it('say when certificates end', async () => {
    const certificate = {
      names: ['*.localhost', 'localhost'],
      source: 'a',
      notAfter: '2027-01-01T00:00:00Z',
    };
    status = { ...status, certificates: [certificate] };
    const metrics = new ControllerMetrics(() => status);
    expect(await lines(metrics)).toContain(
      'berth_gateway_certificate_expiry_timestamp_seconds{names="*.localhost,localhost",source="a"} 1798761600',
    );
    status = { ...status, certificates: [] };
    expect((await lines(metrics)).filter((line) => line.includes('certificate'))).toEqual([]);
  });

  it('say how long changes took to be served', async () => {
    const metrics = new ControllerMetrics(() => status);
    metrics.served(0.002);
    metrics.served(0.5);
    expect(await lines(metrics)).toEqual(
      expect.arrayContaining([
        'berth_gateway_event_to_served_seconds_bucket{le="0.001"} 0',
        'berth_gateway_event_to_served_seconds_bucket{le="0.002"} 1',
        'berth_gateway_event_to_served_seconds_bucket{le="+Inf"} 2',
        'berth_gateway_event_to_served_seconds_count 2',
      ]),
    );
  });
});
