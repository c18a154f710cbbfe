import { Samples } from './samples';

describe('samples', () => {
  const samples = new Samples<'all' | 'none', { seconds: number; requests: number }>();
  samples.add(10, 'all', 'Berth', { seconds: 9, requests: 4 });
  samples.add(10, 'all', 'Berth', { seconds: 1, requests: 5 });
  samples.add(10, 'all', 'Berth', { seconds: 2, requests: 6 });

  it('give the median of each figure by itself', () => {
    expect(samples.of(10, 'all', 'Berth')).toEqual({ seconds: 2, requests: 5, runs: 3 });
  });

  it('know nothing of what was not measured', () => {
    expect(samples.of(10, 'none', 'Berth')).toBeUndefined();
    expect(samples.of(50, 'all', 'Berth')).toBeUndefined();
  });
});
