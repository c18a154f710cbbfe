import { HISTORY } from './price-board';

/** The least span that a line's height stands for, as a share of the value: a small movement looks small. */
const LEAST_SPAN = 0.002;

/**
 * Where a line through the last values goes.
 * @returns x and y of each, the newest at `width`, the highest at 0; to a tenth
 */
export function linePoints(values: readonly number[], width: number, height: number): [number, number][] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const span = Math.max(high - low, high * LEAST_SPAN);
  const middle = (high + low) / 2;
  return values.map((value, index) => [
    tenths(width - ((values.length - 1 - index) * width) / (HISTORY - 1)),
    tenths(height / 2 - ((value - middle) / span) * height),
  ]);
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
