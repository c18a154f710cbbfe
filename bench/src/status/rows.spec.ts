import { Samples } from '../samples';
import { rowsOf, type StatusSamples } from './rows';

it('shows the time of the status with and without the start of Nx, and judges both', () => {
  const samples: StatusSamples = new Samples();
  samples.add(200, 'status', 'Berth', { seconds: 3.5, megabytes: 300, requests: 9 });
  samples.add(200, 'status', 'Nx', { seconds: 1, megabytes: 100, requests: 0 });
  samples.add(200, 'status', 'kubectl', { seconds: 2, megabytes: 90, requests: 40 });
  const rows = rowsOf(samples, [200], ['kubectl']);
  expect(
    rows.map(({ figure, value, peerValue, goal, met }) => [figure, value, peerValue, goal, met]),
  ).toEqual([
    ["Nx's own start", 1, null, null, null],
    ["time beyond Nx's own start", 2.5, null, '< 3', true],
    ['time', 3.5, null, '< 3', false],
    ['time', 3.5, 2, null, null],
    ['requests', 9, 40, null, null],
    ['peak memory', 300, 90, null, null],
  ]);
});
