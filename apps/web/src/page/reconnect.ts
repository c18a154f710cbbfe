const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;

/**
 * Milliseconds until the next attempt. They grow, so that a server that is away is left alone, and they are spread
 * over half of their length, so that the pages of a pod that ended do not come back all at once.
 * @param failures attempts that failed since prices flowed last
 * @param random from 0 to 1
 */
export function reconnectPause(failures: number, random: number): number {
  return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures) * (0.5 + random / 2);
}
