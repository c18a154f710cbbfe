import type { Measured } from '../measure';
import { row, type Row } from '../report';
import type { Samples } from '../samples';

export type Case = 'nothing changed' | 'one changed' | 'that one alone' | 'all changed';
export type ImageSamples = Samples<Case, Pick<Measured, 'seconds' | 'megabytes'>>;

/** Contestants, as the samples name them. */
export interface Names {
  berth: string;
  peers: readonly string[];
  /** Nx with nothing to do. */
  nx: string;
  /** Who knows which service changed, and builds only that. */
  alone: string;
}

const cases: readonly Case[] = ['nothing changed', 'one changed', 'all changed'];

/** The rows of the table: Berth beside each peer in each case and size, then the goals. */
export function rowsOf(samples: ImageSamples, sizes: readonly number[], names: Names): Row[] {
  const { berth, peers } = names;
  return [
    ...sizes.flatMap((size) =>
      cases.flatMap((of) => peers.flatMap((peer) => besidePeer(samples, size, of, berth, peer))),
    ),
    ...fiftyUnchanged(samples, names),
    ...sizes.flatMap((size) => besideOneAlone(samples, size, names)),
    ...checkOfOne(samples, sizes, berth),
    ...memory(samples, names),
  ];
}

function besidePeer(samples: ImageSamples, size: number, of: Case, berth: string, peer: string): Row[] {
  const [ours, theirs] = [samples.of(size, of, berth), samples.of(size, of, peer)];
  if (!ours || !theirs) return [];
  const runs = Math.min(ours.runs, theirs.runs);
  const figure = { case: `${size} services, ${of}`, figure: 'time', unit: 's', value: ours.seconds, runs };
  return [row(figure, { peer: { name: peer, value: theirs.seconds } })];
}

function fiftyUnchanged(samples: ImageSamples, { berth, peers }: Names): Row[] {
  const ours = samples.of(50, 'nothing changed', berth);
  if (!ours) return [];
  const { seconds, runs } = ours;
  const best = Math.min(...peers.map((peer) => samples.of(50, 'nothing changed', peer)?.seconds ?? Infinity));
  const of = { case: '50 services, nothing changed', runs };
  return [
    row({ ...of, figure: 'time', unit: 's', value: seconds }, { goal: ['<', 3] }),
    row({ ...of, figure: 'as fast as the best peer', unit: '×', value: best / seconds }, { goal: ['≥', 5] }),
  ];
}

function besideOneAlone(samples: ImageSamples, size: number, { berth, alone }: Names): Row[] {
  const [ours, one] = [samples.of(size, 'one changed', berth), samples.of(size, 'that one alone', alone)];
  if (!ours || !one) return [];
  const of = { case: `${size} services, one changed`, unit: 's', runs: Math.min(ours.runs, one.runs) };
  return [
    row(
      { ...of, figure: 'time', value: ours.seconds },
      { peer: { name: 'docker build and push of that one', value: one.seconds } },
    ),
    row({ ...of, figure: 'time beyond that', value: ours.seconds - one.seconds }, { goal: ['≤', 1] }),
  ];
}

/** What each further service costs where nothing has changed. */
function checkOfOne(samples: ImageSamples, sizes: readonly number[], berth: string): Row[] {
  const [few, many] = [Math.min(...sizes), Math.max(...sizes)];
  const [first, last] = [few, many].map((size) => samples.of(size, 'nothing changed', berth));
  if (few === many || !first || !last) return [];
  return [
    row(
      {
        case: `${few} to ${many} services, nothing changed`,
        figure: 'check of one service',
        unit: 'ms',
        value: ((last.seconds - first.seconds) * 1000) / (many - few),
        runs: Math.min(first.runs, last.runs),
      },
      { goal: ['<', 5] },
    ),
  ];
}

/** Flat is what grows by a tenth at most, beyond what Nx itself grows by with so many tasks. */
function memory(samples: ImageSamples, { berth, nx }: Names): Row[] {
  const [few, many] = [50, 200].map((size) => {
    const [ours, its] = [berth, nx].map((name) => samples.of(size, 'nothing changed', name));
    return ours && its && { size, ours, its, runs: Math.min(ours.runs, its.runs) };
  });
  if (!few || !many) return [];
  const growth = (whose: 'ours' | 'its') => many[whose].megabytes - few[whose].megabytes;
  return [
    ...[few, many].map(({ size, ours, its, runs }) =>
      row(
        {
          ...{ case: `${size} services, nothing changed`, figure: 'peak memory', unit: 'MB' },
          ...{ value: ours.megabytes, runs },
        },
        { peer: { name: nx, value: its.megabytes } },
      ),
    ),
    row(
      {
        case: '50 to 200 services, nothing changed',
        figure: 'peak memory, but for what Nx alone grows by',
        unit: '×',
        value: 1 + (growth('ours') - growth('its')) / few.ours.megabytes,
        runs: Math.min(few.runs, many.runs),
      },
      { goal: ['≤', 1.1] },
    ),
  ];
}
