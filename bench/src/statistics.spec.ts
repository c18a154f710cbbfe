import { growth, median, percentile, rotated } from './statistics';

describe('median', () => {
  it('is the middle value, whatever the order', () => {
    expect(median([9, 1, 3])).toBe(3);
    expect(median([7])).toBe(7);
  });

  it('is the mean of the two in the middle of an even number', () => {
    expect(median([4, 1, 2, 10])).toBe(3);
  });

  it('is refused where there is nothing', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

it('lets each go first in its turn', () => {
  expect([0, 1, 2, 3].map((turn) => rotated(['a', 'b', 'c'], turn).join(''))).toEqual([
    'abc',
    'bca',
    'cab',
    'abc',
  ]);
});

it('takes percentiles by the nearest rank', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([50, 99, 100]);
  expect(percentile([7], 0.99)).toBe(7);
  expect(() => percentile([], 0.5)).toThrow(RangeError);
});

describe('growth', () => {
  it('is what the straight line through all values gains, as a share of its beginning', () => {
    expect(growth([100, 110, 120])).toBeCloseTo(0.2);
    expect(growth([100, 120, 80, 100, 100])).toBeCloseTo(-0.08 / 1.04);
    expect(growth([5, 5, 5, 5])).toBe(0);
  });

  it('is refused where there is no line', () => {
    expect(() => growth([1])).toThrow(RangeError);
  });
});
