import { Samples } from '../samples';
import { rowsOf, type Case, type ImageSamples } from './rows';

const names = { berth: 'Berth', peers: ['bake', 'loop'], nx: 'Nx', alone: 'loop' };

/** Adds a run of that many seconds. */
function timed(
  samples: ImageSamples,
  size: number,
  of: Case,
  name: string,
  seconds: number,
  megabytes = 100,
) {
  samples.add(size, of, name, { seconds, megabytes });
}

describe('the rows of bench/images', () => {
  it('set the medians beside each peer in each case that was measured', () => {
    const samples: ImageSamples = new Samples();
    for (const seconds of [2, 9, 1]) timed(samples, 10, 'nothing changed', 'Berth', seconds);
    timed(samples, 10, 'nothing changed', 'bake', 6);
    timed(samples, 10, 'all changed', 'Berth', 8);
    expect(rowsOf(samples, [10], names)).toEqual([
      {
        case: '10 services, nothing changed',
        figure: 'time',
        unit: 's',
        value: 2,
        runs: 1,
        peer: 'bake',
        peerValue: 6,
        goal: null,
        met: null,
      },
    ]);
  });

  it('judge the goals by the figures that they are about', () => {
    const samples: ImageSamples = new Samples();
    timed(samples, 10, 'nothing changed', 'Berth', 1);
    timed(samples, 50, 'nothing changed', 'Berth', 2, 200);
    timed(samples, 50, 'nothing changed', 'bake', 8);
    timed(samples, 50, 'nothing changed', 'loop', 30);
    timed(samples, 50, 'one changed', 'Berth', 3);
    timed(samples, 50, 'that one alone', 'loop', 0.5);
    timed(samples, 200, 'nothing changed', 'Berth', 2.9, 250);
    timed(samples, 50, 'nothing changed', 'Nx', 1, 100);
    timed(samples, 200, 'nothing changed', 'Nx', 1, 125);
    const judged = rowsOf(samples, [10, 50, 200], names).filter(({ goal }) => goal !== null);
    expect(judged.map(({ figure, value, unit, goal, met }) => [figure, value, unit, goal, met])).toEqual([
      ['time', 2, 's', '< 3', true],
      ['as fast as the best peer', 4, '×', '≥ 5', false],
      ['time beyond that', 2.5, 's', '≤ 1', false],
      ['check of one service', 10, 'ms', '< 5', false],
      ['peak memory, but for what Nx alone grows by', 1.13, '×', '≤ 1.1', false],
    ]);
  });
});
