import { row, type Row } from '../report';
import { median, percentile } from '../statistics';
import type { Followed } from './follow';
import type { LongRun } from './long-run';

/** Of one contestant with so many routes. */
export interface Following {
  contestant: string;
  routes: number;
  /** Whether the change before came just before it. */
  hurried: boolean;
  followed: readonly Followed[];
}

/** One run with so many routes. */
export interface Throughput {
  contestant: string;
  routes: number;
  requestsPerSecond: number;
}

/** One run with so many routes, at a rate that is the same for all. */
export interface Latency {
  contestant: string;
  routes: number;
  /** Milliseconds below which 99 of 100 requests were answered that came at their time. */
  p99: number;
}

export interface Results {
  following: readonly Following[];
  throughput: readonly Throughput[];
  latency: readonly Latency[];
  /** By contestant, with so many routes. */
  longRuns: readonly { contestant: string; routes: number; run: LongRun }[];
  /** Of the gateway, with the most routes. */
  resync: { routes: number; milliseconds: readonly number[] };
  /** Requests after nginx was restarted without an API server. */
  away: { requests: number; failed: number };
  /** What peers could not do, a line each. */
  failures: readonly string[];
}

const BERTH = 'Berth';
/** What is measured against: nginx with the same routes in its configuration. */
const RAW = 'nginx';

export function rowsOf(results: Results): Row[] {
  return [
    ...followingRows(results.following),
    ...servingRows(results),
    ...longRunRows(results.longRuns),
    ...resyncRows(results),
  ];
}

const count = (routes: number) => `${routes.toLocaleString('en')} routes`;

function followingRows(all: readonly Following[]): Row[] {
  const ours = all.filter(({ contestant }) => contestant === BERTH);
  return ours.flatMap(({ routes, hurried, followed }) => {
    const peers = all.filter(
      (other) => other.contestant !== BERTH && other.routes === routes && other.hurried === hurried,
    );
    const of = `${count(routes)}, ${hurried ? 'a change shortly before' : 'idle'}`;
    const limits = hurried ? {} : ({ p50: ['≤', 3], p99: ['≤', 10] } as const);
    const figures = [
      ['event to first 200, p50', 0.5, 'fromEvent', limits.p50],
      ['event to first 200, p99', 0.99, 'fromEvent', limits.p99],
      ['API call to first 200, p50', 0.5, 'fromCall', undefined],
    ] as const;
    return figures.flatMap(([name, share, key, goal]) => {
      const value = percentileOf(followed, share, key);
      const basic = { case: of, figure: name, unit: 'ms', value, runs: followed.length };
      const beside = peers.map((peer) =>
        row(basic, { peer: { name: peer.contestant, value: percentileOf(peer.followed, share, key) } }),
      );
      return [
        ...(goal || peers.length === 0 ? [row(basic, goal ? { goal: [...goal] } : {})] : []),
        ...beside,
      ];
    });
  });
}

const percentileOf = (followed: readonly Followed[], share: number, key: keyof Followed) =>
  percentile(
    followed.map((each) => each[key]),
    share,
  );

function servingRows({ throughput, latency }: Pick<Results, 'throughput' | 'latency'>): Row[] {
  const sizes = [...new Set(throughput.map(({ routes }) => routes))];
  return sizes.flatMap((routes) => {
    const rates = byContestant(throughput, routes, ({ requestsPerSecond }) => requestsPerSecond);
    const p99s = byContestant(latency, routes, ({ p99 }) => p99);
    const figures = [
      ['requests a second', '/s', rates, `of those of ${RAW}`, ['≥', routes >= 1000 ? 1 : 0.95]],
      ['latency p99', 'ms', p99s, `of that of ${RAW}`, ['≤', 1.1]],
    ] as const;
    return figures.flatMap(([figure, unit, values, ofRaw, goal]) => {
      const own = values.get(BERTH);
      if (!own) return [];
      const basic = { case: count(routes), runs: own.runs };
      return [...values]
        .filter(([name]) => name !== BERTH)
        .flatMap(([name, { value }]) => [
          ...(name === RAW
            ? [
                row(
                  { ...basic, figure: `${figure}, ${ofRaw}`, unit: '×', value: own.value / value },
                  { goal },
                ),
              ]
            : []),
          row({ ...basic, figure, unit, value: own.value }, { peer: { name, value } }),
        ]);
    });
  });
}

/** The medians of all runs with so many routes. */
function byContestant<Run extends { contestant: string; routes: number }>(
  runs: readonly Run[],
  routes: number,
  valueOf: (run: Run) => number,
): Map<string, { value: number; runs: number }> {
  const alike = runs.filter((run) => run.routes === routes);
  const names = new Set(alike.map(({ contestant }) => contestant));
  return new Map(
    [...names].map((name) => {
      const values = alike.filter(({ contestant }) => contestant === name).map(valueOf);
      return [name, { value: median(values), runs: values.length }];
    }),
  );
}

/** Each long run is a case of its own: the peers' are shorter, and nothing is compared but what went wrong. */
function longRunRows(runs: Results['longRuns']): Row[] {
  return runs.flatMap(({ contestant, routes, run }) => {
    const own = contestant === BERTH;
    const { requests, failed, changes, updates, websocketsLost, followed, megabytes } = run;
    const of = `${contestant}: ${requests.toLocaleString('en')} requests to ${count(routes)}, ${changes} changes, ${updates} rolling updates`;
    const basic = (figure: string, unit: string, value: number, number = 1) => ({
      case: of,
      figure,
      unit,
      value,
      runs: number,
    });
    const limits: Readonly<Record<string, number>> = own ? { 'nginx worker': 25, controller: 120 } : {};
    return [
      row(basic('failed requests', '', failed), own ? { goal: ['≤', 0] } : {}),
      row(basic('websockets lost', '', websocketsLost), own ? { goal: ['≤', 0] } : {}),
      ...(followed.length > 0
        ? [
            row(
              basic(
                'event to first 200, p99',
                'ms',
                percentileOf(followed, 0.99, 'fromEvent'),
                followed.length,
              ),
              own ? { goal: ['≤', 30] } : {},
            ),
            row(
              basic(
                'a request to a route that was there, p99',
                'ms',
                percentileOf(followed, 0.99, 'ordinary'),
                followed.length,
              ),
            ),
          ]
        : []),
      ...Object.entries(megabytes).map(([name, value]) => {
        const limit = limits[name];
        return row(
          basic(`memory of ${name}`, 'MB', value),
          limit === undefined ? {} : { goal: ['≤', limit] },
        );
      }),
    ];
  });
}

function resyncRows({ resync, away }: Results): Row[] {
  return [
    row(
      {
        case: count(resync.routes),
        figure: 'all routes anew',
        unit: 'ms',
        value: median(resync.milliseconds),
        runs: resync.milliseconds.length,
      },
      { goal: ['≤', 250] },
    ),
    row(
      {
        case: `${count(resync.routes)}, API server away, nginx restarted`,
        figure: `failed of ${away.requests.toLocaleString('en')} requests`,
        unit: '',
        value: away.failed,
        runs: 1,
      },
      { goal: ['≤', 0] },
    ),
  ];
}
