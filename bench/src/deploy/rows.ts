import { row, type Row } from '../report';
import type { Samples } from '../samples';

export type Case =
  'first deploy' | 'nothing changed' | 'one changed' | 'that one alone' | 'own start' | 'set back';

export interface Figures {
  /** Until all was applied. */
  seconds: number;
  /** Until all was healthy as well. */
  healthySeconds: number;
  megabytes: number;
  /** To the API server. */
  requests: number;
}

export type DeploySamples = Samples<Case, Figures>;

/** Contestants, as the samples name them. */
export interface Names {
  berth: string;
  peers: readonly string[];
  /** Nx with nothing to do. */
  nx: string;
  /** Who deploys the one service that changed, and nothing else. */
  alone: string;
}

const cases = ['first deploy', 'nothing changed', 'one changed'] as const;

/** Of the best peer's time, by the number of services; other numbers have no goal. */
const goals: Readonly<Record<(typeof cases)[number], Readonly<Record<number, number>>>> = {
  'first deploy': { 10: 0.6, 50: 0.6, 200: 0.6 },
  'nothing changed': { 50: 0.3, 200: 0.15 },
  'one changed': { 50: 0.3, 200: 0.15 },
};

/** The rows of the table: the goals of each size, Berth beside each peer in each case, then its memory. */
export function rowsOf(samples: DeploySamples, sizes: readonly number[], names: Names): Row[] {
  return [
    ...sizes.flatMap((size) => ofSize(samples, size, names)),
    ...sizes.flatMap((size) => besidePeers(samples, size, names)),
    ...memory(samples, sizes, names.berth),
  ];
}

function ofSize(samples: DeploySamples, size: number, names: Names): Row[] {
  const start = samples.of(size, 'own start', names.nx);
  if (!start) return [];
  const alone = samples.of(size, 'that one alone', names.alone)?.seconds ?? 0;
  const shares = cases.flatMap((of) => {
    const ours = samples.of(size, of, names.berth);
    const best = bestOf(samples, size, of === 'one changed' ? 'nothing changed' : of, names.peers);
    if (!ours || !best) return [];
    const beyond = ours.seconds - start.seconds - (of === 'one changed' ? alone : 0);
    const also = of === 'one changed' ? ' and that one alone' : '';
    const limit = goals[of][size];
    return [
      row(
        {
          case: `${size} services, ${of}`,
          figure: `time beyond Nx's own start${also}, of the best peer's${also && ' with nothing changed'}`,
          unit: '×',
          value: beyond / best.seconds,
          runs: Math.min(ours.runs, best.runs),
        },
        limit === undefined ? {} : { goal: ['≤', limit] },
      ),
    ];
  });
  const back = samples.of(size, 'set back', names.berth);
  return [
    time(`${size} services`, "Nx's own start", start),
    ...shares,
    ...(back ? [time(`${size} services, one edited`, 'time until it is noticed and set back', back)] : []),
  ];
}

function time(of: string, figure: string, { seconds, runs }: Figures & { runs: number }): Row {
  return row({ case: of, figure, unit: 's', value: seconds, runs });
}

function bestOf(
  samples: DeploySamples,
  size: number,
  of: Case,
  peers: readonly string[],
): { seconds: number; runs: number } | undefined {
  const found = peers.flatMap((peer) => samples.of(size, of, peer) ?? []);
  return found.sort((one, other) => one.seconds - other.seconds)[0];
}

/** What each figure is called, and its unit. */
const figures = {
  seconds: ['time until applied', 's'],
  healthySeconds: ['time until healthy', 's'],
  requests: ['requests', ''],
  megabytes: ['peak memory', 'MB'],
} as const;

function besidePeers(samples: DeploySamples, size: number, { berth, peers }: Names): Row[] {
  return cases.flatMap((of) => {
    const ours = samples.of(size, of, berth);
    if (!ours) return [];
    return (Object.keys(figures) as (keyof Figures)[])
      .filter((name) => !(name === 'healthySeconds' && of === 'nothing changed'))
      .flatMap((name) =>
        peers.flatMap((peer) => {
          const theirs = samples.of(size, of, peer);
          if (!theirs) return [];
          const [figure, unit] = figures[name];
          const runs = Math.min(ours.runs, theirs.runs);
          return [
            row(
              { case: `${size} services, ${of}`, figure, unit, value: ours[name], runs },
              { peer: { name: peer, value: theirs[name] } },
            ),
          ];
        }),
      );
  });
}

/** Flat is what grows by a tenth at most. */
function memory(samples: DeploySamples, sizes: readonly number[], berth: string): Row[] {
  return cases.flatMap((of) => {
    const [few, many] = [50, 200].map((size) =>
      sizes.includes(size) ? samples.of(size, of, berth) : undefined,
    );
    if (!few || !many) return [];
    return [
      row(
        {
          case: `50 to 200 services, ${of}`,
          figure: `peak memory, that of 50 being ${Math.round(few.megabytes)} MB`,
          unit: '×',
          value: many.megabytes / few.megabytes,
          runs: Math.min(few.runs, many.runs),
        },
        { goal: ['≤', 1.1] },
      ),
    ];
  });
}
