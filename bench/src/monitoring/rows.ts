import { row, type Row } from '../report';
import { growth, median, percentile } from '../statistics';
import { SERVICES } from './content';
import type { Day } from './day';
import type { Followed } from './follow';
import type { Load } from './load';
import type { Opening } from './monitoring-page';

/** Of so many environments. */
export interface Results {
  environments: number;
  startSeconds: number;
  openings: readonly Opening[];
  /** Milliseconds that `kubectl get deployments -A` took, each time. */
  listed: readonly number[];
  followed: readonly Followed[];
  load: Load;
  day: Day;
  /** Megabytes that the pod of the page may have. */
  memory: number;
}

const GET = 'kubectl get deployments -A';
const WATCH = 'kubectl get deployments -A --watch';

/** Milliseconds. */
const FIRST_PAINT = 1000;
const UPDATE = 500;
/** Of what is called flat: percent that a line through all values gains in the day. */
const FLAT = 5;

export function rowsOf(results: Results): Row[] {
  const of = `${results.environments} environments of ${SERVICES} services`;
  return [
    ...openingRows(of, results),
    ...followedRows(`${of}, one deploy after the other`, results.followed),
    ...loadRows(`${of}, ${results.load.perSecond} deploys a second`, results),
    ...dayRows(of, results),
  ];
}

function openingRows(of: string, { startSeconds, openings, listed }: Results): Row[] {
  const basic = { case: of, unit: 'ms', runs: openings.length };
  const cells = {
    ...basic,
    figure: 'all cells drawn',
    value: median(openings.map(({ allCells }) => allCells)),
  };
  return [
    row({
      ...basic,
      figure: 'server started until its first table',
      unit: 's',
      value: startSeconds,
      runs: 1,
    }),
    row(
      { ...basic, figure: 'first paint', value: median(openings.map(({ firstPaint }) => firstPaint)) },
      { goal: ['<', FIRST_PAINT] },
    ),
    row(cells, { goal: ['<', FIRST_PAINT] }),
    row(cells, { peer: { name: GET, value: median(listed) } }),
  ];
}

function followedRows(of: string, followed: readonly Followed[]): Row[] {
  const valuesOf = (key: keyof Followed) => followed.map((each) => each[key]);
  const basic = { case: of, unit: 'ms', runs: followed.length };
  return [
    ...(
      [
        ['p50', 0.5],
        ['p95', 0.95],
        ['most', 1],
      ] as const
    ).flatMap(([name, share]) => {
      const value = percentile(valuesOf('fromEvent'), share);
      const figure = { ...basic, figure: `event to page, ${name}`, value };
      return [
        row(figure, { goal: ['≤', UPDATE] }),
        row(figure, { peer: { name: WATCH, value: percentile(valuesOf('kubectl'), share) } }),
      ];
    }),
    row({ ...basic, figure: 'API call to page, p50', value: percentile(valuesOf('fromCall'), 0.5) }),
  ];
}

function loadRows(of: string, { load, memory }: Results): Row[] {
  const basic = { case: of, runs: 1 };
  return [
    row({ ...basic, figure: 'CPU of the server, of one core', unit: '%', value: 100 * load.cpu }),
    row({ ...basic, figure: "page's main thread busy", unit: '%', value: 100 * load.pageBusy }),
    row({ ...basic, figure: 'table made', unit: 'ms', value: load.table }),
    row(
      { ...basic, figure: 'memory of the server', unit: 'MB', value: load.megabytes },
      { goal: ['≤', memory] },
    ),
  ];
}

function dayRows(of: string, { day, memory }: Results): Row[] {
  const { deploys, stumbles, replaced, seconds, samples } = day;
  const basic = {
    case: `${of}, a day: ${deploys.toLocaleString('en')} deploys, ${stumbles} pods not ready for a moment, ${replaced} environments gone and as many come`,
    runs: samples.length,
  };
  return [
    row({ ...basic, figure: 'deploys followed', unit: '/s', value: deploys / seconds, runs: 1 }),
    row(
      {
        ...basic,
        figure: 'memory of the server, most',
        unit: 'MB',
        value: Math.max(...samples.map(({ resident }) => resident)),
      },
      { goal: ['≤', memory] },
    ),
    ...(
      [
        ['server', 'serverHeap'],
        ['page', 'pageHeap'],
      ] as const
    ).flatMap(([name, key]) => {
      const heap = samples.map((sample) => sample[key]);
      return [
        row({ ...basic, figure: `heap of the ${name} at the end`, unit: 'MB', value: heap.at(-1) ?? NaN }),
        row(
          {
            ...basic,
            figure: `heap of the ${name}, gained in the day`,
            unit: '%',
            value: 100 * growth(heap),
          },
          { goal: ['≤', FLAT] },
        ),
      ];
    }),
  ];
}
