import { rowsOf, type Results } from './rows';

const followed = [1, 2, 3, 4].map((fromEvent) => ({
  fromEvent,
  fromCall: fromEvent + 5,
  ordinary: fromEvent / 2,
}));

const results: Results = {
  following: [
    { contestant: 'Berth', routes: 1000, hurried: false, followed },
    {
      contestant: 'Traefik',
      routes: 1000,
      hurried: false,
      followed: [{ fromEvent: 60, fromCall: 66, ordinary: 1 }],
    },
    {
      contestant: 'Traefik',
      routes: 10,
      hurried: false,
      followed: [{ fromEvent: 1, fromCall: 1, ordinary: 1 }],
    },
  ],
  throughput: [
    { contestant: 'Berth', routes: 1000, requestsPerSecond: 9000 },
    { contestant: 'nginx', routes: 1000, requestsPerSecond: 10_000 },
    { contestant: 'Traefik', routes: 1000, requestsPerSecond: 4500 },
  ],
  latency: [
    ...[1, 2, 9].map((p99) => ({ contestant: 'Berth', routes: 1000, p99 })),
    { contestant: 'nginx', routes: 1000, p99: 2 },
  ],
  longRuns: [
    {
      contestant: 'Berth',
      routes: 1000,
      run: {
        ...{ requests: 1_000_123, failed: 1, changes: 10_000, updates: 100, websocketsLost: 0, followed },
        megabytes: { 'nginx worker': 20, controller: 130 },
      },
    },
    {
      contestant: 'Traefik',
      routes: 1000,
      run: {
        ...{ requests: 100, failed: 7, changes: 1, updates: 1, websocketsLost: 2, followed: [] },
        megabytes: { process: 112 },
      },
    },
  ],
  resync: { routes: 1000, milliseconds: [100, 300, 200] },
  away: { requests: 5000, failed: 0 },
  failures: [],
};
const rows = rowsOf(results);
const find = (figure: string, of = '') =>
  rows.filter((row) => row.figure.includes(figure) && row.case.includes(of));

it('judges how fast changes are followed, beside the peers with as many routes', () => {
  expect(find('event to first 200, p50', '1,000 routes, idle')).toMatchObject([
    { value: 2, runs: 4, peer: null, goal: '≤ 3', met: true },
    { value: 2, peer: 'Traefik', peerValue: 60 },
  ]);
  expect(find('event to first 200, p99', '1,000 routes, idle')[0]).toMatchObject({ value: 4, met: true });
  expect(find('API call to first 200')).toMatchObject([{ value: 7, peer: 'Traefik', peerValue: 66 }]);
});

it('judges throughput and latency as shares of those of nginx', () => {
  expect(find('of those of nginx')).toMatchObject([{ value: 0.9, goal: '≥ 1', met: false }]);
  expect(find('of that of nginx')).toMatchObject([{ value: 1, runs: 3, goal: '≤ 1.1', met: true }]);
  expect(find('requests a second').map(({ peer, peerValue }) => [peer, peerValue])).toEqual([
    [null, null],
    ['nginx', 10_000],
    ['Traefik', 4500],
  ]);
});

it('leaves out what a peer could not do', () => {
  const throughput = results.throughput.filter(({ contestant }) => contestant !== 'nginx');
  const figures = rowsOf({ ...results, throughput }).map(({ figure }) => figure);
  expect(figures.filter((figure) => figure.includes('of those of'))).toEqual([]);
  expect(figures).toContain('requests a second');
});

it('judges what goes wrong at the gateway, and only tells it of its peers', () => {
  expect(find('failed requests').map(({ value, met }) => [value, met])).toEqual([
    [1, false],
    [7, null],
  ]);
  expect(find('websockets lost').map(({ value, met }) => [value, met])).toEqual([
    [0, true],
    [2, null],
  ]);
  expect(find('memory of controller')).toMatchObject([{ value: 130, goal: '≤ 120', met: false }]);
  expect(find('memory of process', 'Traefik')).toMatchObject([{ value: 112, goal: null }]);
});

it('takes the middle of several resyncs', () => {
  expect(find('all routes anew')).toMatchObject([{ value: 200, goal: '≤ 250', met: true }]);
  expect(find('failed of 5,000 requests')).toMatchObject([{ value: 0, met: true }]);
});
