import { setTimeout as delay } from 'node:timers/promises';
import type { KubeClient } from '@berth/kube';
import type { Log } from './observe';

export interface PulseOptions {
  /** Milliseconds between an answer and the next question. */
  everyMs: number;
  log: Log;
  signal: AbortSignal;
}

export interface Pulse {
  /** Whether the last question was answered. */
  isHeard(): boolean;
  /** When the last question was asked that was answered; by the cluster's clock. */
  heardAt(): Date;
}

/** Milliseconds that an answer may take: a server that has much to do takes one. */
const patienceMs = 3_000;

/**
 * Asks the API server over and over whether it serves. Its watches cannot tell: where it hangs, or the way to it is
 * lost, they stay open for minutes, and are as silent as those of a cluster in which nothing happens.
 */
export function takePulse(
  client: Pick<KubeClient, 'ready' | 'now'>,
  { everyMs, log, signal }: PulseOptions,
): Pulse {
  let isHeard = true;
  let heardAt = client.now();
  void (async () => {
    while (!signal.aborted) {
      const askedAt = client.now();
      try {
        await client.ready({ onceWithinMs: patienceMs });
        isHeard = true;
        heardAt = askedAt;
      } catch (error) {
        if (isHeard && !signal.aborted)
          log.warn({ error: (error as Error).message }, 'the API server does not answer');
        isHeard = false;
      }
      await delay(everyMs, undefined, { ref: false });
    }
  })();
  return { isHeard: () => isHeard, heardAt: () => heardAt };
}
