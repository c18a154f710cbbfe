import { MonitoringMetrics } from './metrics';
import type { Outcome } from './probes/prober';
import { testTarget } from './probes/testing-target';

const address = { id: 'address/a', probe: 'address' as const, host: 'web-staging.localhost' };
let outcomes: Outcome[];
let metrics: MonitoringMetrics;
beforeEach(() => {
  outcomes = [
    { target: testTarget('web'), at: 0, since: 0, ms: 2.5, status: 200 },
    { target: testTarget('web', address), at: 0, since: 0, ms: 9, problem: 'connection refused' },
  ];
  metrics = new MonitoringMetrics({ age: () => 1.5, pages: () => 3, outcomes: () => outcomes });
});
const lines = async () => (await metrics.text()).split('\n').filter((line) => line && !line.startsWith('#'));

it('say how old the data is, how many pages are connected, and how each probe is', async () => {
  expect(await lines()).toEqual(
    expect.arrayContaining([
      'berth_monitoring_data_age_seconds 1.5',
      'berth_monitoring_pages 3',
      'berth_monitoring_probe_success{environment="staging",service="web",probe="health",host="web.staging"} 1',
      'berth_monitoring_probe_success{environment="staging",service="web",probe="address",host="web-staging.localhost"} 0',
      'berth_monitoring_probe_last_duration_seconds{environment="staging",service="web",probe="health",host="web.staging"} 0.0025',
    ]),
  );
  outcomes = [];
  expect((await lines()).filter((line) => line.includes('probe_success'))).toEqual([]);
});

it('say how long probes that succeeded took, until their environment has gone', async () => {
  metrics.probed(testTarget('web'), { ms: 2 });
  metrics.probed(testTarget('store'), { ms: 30 });
  metrics.probed(testTarget('web', address), { ms: 5_000, problem: 'no answer within 5 s' });
  const labels = 'environment="staging",probe="health"';
  expect(await lines()).toEqual(
    expect.arrayContaining([
      `berth_monitoring_probe_duration_seconds_bucket{le="0.0025",${labels}} 1`,
      `berth_monitoring_probe_duration_seconds_count{${labels}} 2`,
    ]),
  );
  expect((await lines()).filter((line) => line.includes('duration_seconds_count'))).toHaveLength(1);
  outcomes = [];
  expect((await lines()).filter((line) => line.includes('duration_seconds_count'))).toEqual([]);
});

it('say how long the table took to make', async () => {
  metrics.tableMade(0.02);
  expect(await lines()).toEqual(
    expect.arrayContaining([
      'berth_monitoring_table_build_seconds_bucket{le="0.01"} 0',
      'berth_monitoring_table_build_seconds_bucket{le="0.025"} 1',
    ]),
  );
});
