/* Only tests use this. */
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until a condition holds.
 * @param pauseMs between two looks
 * @returns the value for which it held
 * @throws Error after `limitMs`, with what it saw last
 */
export async function until<Value>(
  read: () => Value | Promise<Value>,
  holds: (value: Value) => boolean,
  limitMs: number,
  pauseMs = 50,
): Promise<Value> {
  const end = Date.now() + limitMs;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > end) throw new Error(`after ${limitMs} ms it is still ${JSON.stringify(value)}`);
    await delay(pauseMs);
  }
}
