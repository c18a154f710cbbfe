/* Only tests use this. */
import { until as untilHolds } from '@berth/exec/src/testing-until';

/** Waits until a condition holds, of what takes milliseconds. @throws Error after `limitMs`, with what it saw last. */
export function until<Value>(
  read: () => Value | Promise<Value>,
  holds: (value: Value) => boolean = Boolean,
  limitMs = 4000,
): Promise<Value> {
  return untilHolds(read, holds, limitMs, 5);
}
