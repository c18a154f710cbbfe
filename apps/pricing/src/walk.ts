import { createHash } from 'node:crypto';

/** How far a price moves from one tick to the next, as a share of it. */
const STEP = 0.0004;

/** The slowest movement spans 2^OCTAVES ticks; at one a second, nine hours. */
const OCTAVES = 15;

/**
 * The price of an instrument at a tick.
 *
 * It wanders as a random walk does, near and far (movements that last 2^k ticks are √2^k times as large), but it is a
 * function of the symbol and the tick alone: every replica quotes the same price without talking to the others, and
 * none forgets it when it restarts.
 * @param tick whole number, for example seconds since 1970
 */
export function priceAt(symbol: string, referencePrice: number, decimals: number, tick: number): number {
  let distance = 0;
  for (let octave = 0; octave < OCTAVES; octave += 1) {
    const length = 2 ** octave;
    const from = Math.floor(tick / length);
    const way = tick / length - from;
    // Linear from one random point to the next.
    const value = random(symbol, octave, from) * (1 - way) + random(symbol, octave, from + 1) * way;
    distance += value * Math.sqrt(length);
  }
  return Number((referencePrice * Math.exp(STEP * distance)).toFixed(decimals));
}

/** From -1 to 1; the same for the same arguments. */
function random(symbol: string, octave: number, point: number): number {
  const hash = createHash('sha256').update(`${symbol} ${octave} ${point}`).digest();
  return hash.readUInt32BE(0) / 0x7fff_ffff - 1;
}
