import type { TradeStore } from './trade-store';

export interface Retry {
  /** Waits; ends early, without an error, when `signal` is aborted. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  random: () => number;
}

const LONGEST_WAIT = 5000;

/** Prepares the store, again and again with growing, jittered pauses. @returns false when `signal` was aborted before. */
export async function untilMigrated(
  store: Pick<TradeStore, 'migrate'>,
  retry: Retry,
  signal: AbortSignal,
  onFailure: (error: Error, pauseMs: number) => void,
): Promise<boolean> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      await store.migrate();
      return true;
    } catch (error) {
      if (signal.aborted) break;
      const pause = Math.min(LONGEST_WAIT, 200 * 2 ** attempt) * (0.5 + retry.random() / 2);
      onFailure(error as Error, pause);
      await retry.wait(pause, signal);
    }
  }
  return false;
}
