import { Samples } from '../samples';
import { rowsOf, type Case, type DeploySamples } from './rows';

const names = { berth: 'Berth', peers: ['helm', 'kubectl'], nx: 'Nx', alone: 'kubectl' };

/** Adds a run of that many seconds. */
function timed(
  samples: DeploySamples,
  size: number,
  of: Case,
  name: string,
  seconds: number,
  megabytes = 100,
) {
  samples.add(size, of, name, { seconds, healthySeconds: seconds + 10, megabytes, requests: 7 });
}

const judged = (samples: DeploySamples, sizes: number[]) =>
  rowsOf(samples, sizes, names)
    .filter(({ goal }) => goal !== null)
    .map(({ case: of, value, goal, met }) => [of, value, goal, met]);

describe('the rows of bench/deploy', () => {
  it('judge the time beyond the start of Nx by the peer that is the best in that case', () => {
    const samples: DeploySamples = new Samples();
    timed(samples, 50, 'own start', 'Nx', 1);
    timed(samples, 50, 'first deploy', 'Berth', 3);
    timed(samples, 50, 'first deploy', 'helm', 4);
    timed(samples, 50, 'first deploy', 'kubectl', 9);
    timed(samples, 50, 'nothing changed', 'Berth', 1.8);
    timed(samples, 50, 'nothing changed', 'helm', 9);
    timed(samples, 50, 'nothing changed', 'kubectl', 2);
    expect(judged(samples, [50])).toEqual([
      ['50 services, first deploy', 0.5, '≤ 0.6', true],
      ['50 services, nothing changed', 0.4, '≤ 0.3', false],
    ]);
  });

  it('allow one that changed what that one takes alone, beyond what is allowed with nothing changed', () => {
    const samples: DeploySamples = new Samples();
    timed(samples, 200, 'own start', 'Nx', 1);
    timed(samples, 200, 'nothing changed', 'kubectl', 10);
    timed(samples, 200, 'one changed', 'Berth', 3);
    timed(samples, 200, 'one changed', 'kubectl', 11);
    timed(samples, 200, 'that one alone', 'kubectl', 0.5);
    expect(judged(samples, [200])).toEqual([['200 services, one changed', 0.15, '≤ 0.15', true]]);
  });

  it('set every figure beside each peer, the wait for health only where something changed', () => {
    const samples: DeploySamples = new Samples();
    for (const each of ['first deploy', 'nothing changed'] as const) {
      timed(samples, 10, each, 'Berth', 3);
      timed(samples, 10, each, 'helm', 4);
    }
    expect(rowsOf(samples, [10], names).map(({ case: of, figure, peer }) => [of, figure, peer])).toEqual([
      ['10 services, first deploy', 'time until applied', 'helm'],
      ['10 services, first deploy', 'time until healthy', 'helm'],
      ['10 services, first deploy', 'requests', 'helm'],
      ['10 services, first deploy', 'peak memory', 'helm'],
      ['10 services, nothing changed', 'time until applied', 'helm'],
      ['10 services, nothing changed', 'requests', 'helm'],
      ['10 services, nothing changed', 'peak memory', 'helm'],
    ]);
  });

  it('call memory flat that grows by a tenth at most', () => {
    const samples: DeploySamples = new Samples();
    timed(samples, 50, 'one changed', 'Berth', 3, 200);
    timed(samples, 200, 'one changed', 'Berth', 3, 230);
    expect(judged(samples, [50, 200])).toEqual([['50 to 200 services, one changed', 1.15, '≤ 1.1', false]]);
  });
});
