import { row, type Row } from '../report';
import type { Samples } from '../samples';

export interface Figures {
  seconds: number;
  megabytes: number;
  requests: number;
}

export type StatusSamples = Samples<'status', Figures>;

/** Of an environment. */
export const SERVICES = 25;

/** Seconds. */
const GOAL = 3;

/** The rows of the table, for each number of environments. */
export function rowsOf(samples: StatusSamples, sizes: readonly number[], peers: readonly string[]): Row[] {
  return sizes.flatMap((size) => {
    const [ours, start] = [samples.of(size, 'status', 'Berth'), samples.of(size, 'status', 'Nx')];
    if (!ours || !start) return [];
    const of = { case: `${size} environments of ${SERVICES} services`, runs: ours.runs };
    const goal = ['<', GOAL] as const;
    return [
      row({ ...of, figure: "Nx's own start", unit: 's', value: start.seconds }),
      row(
        { ...of, figure: "time beyond Nx's own start", unit: 's', value: ours.seconds - start.seconds },
        { goal },
      ),
      row({ ...of, figure: 'time', unit: 's', value: ours.seconds }, { goal }),
      ...(['seconds', 'requests', 'megabytes'] as const).flatMap((name) =>
        peers.flatMap((peer) => {
          const theirs = samples.of(size, 'status', peer);
          if (!theirs) return [];
          const [figure, unit] = figures[name];
          return [
            row({ ...of, figure, unit, value: ours[name] }, { peer: { name: peer, value: theirs[name] } }),
          ];
        }),
      ),
    ];
  });
}

/** What each figure is called, and its unit. */
const figures = {
  seconds: ['time', 's'],
  requests: ['requests', ''],
  megabytes: ['peak memory', 'MB'],
} as const;
