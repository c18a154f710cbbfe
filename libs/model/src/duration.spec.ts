import { durationMs } from './duration';

describe('a duration', () => {
  it.each([
    ['90s', 90_000],
    ['1m', 60_000],
    ['36h', 129_600_000],
    ['3d', 259_200_000],
    ['2w', 1_209_600_000],
  ])('of %s has its milliseconds', (text, expected) => {
    expect(durationMs(text)).toBe(expected);
  });

  it.each(['', '3', '0d', '03d', '1.5h', '3 d', '3D', '1d12h', '1234567s'])('is not "%s"', (text) => {
    expect(durationMs(text)).toBeUndefined();
  });
});
