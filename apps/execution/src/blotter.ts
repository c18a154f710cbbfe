import { ask, UnavailableError } from './ask';
import type { Order } from './order';
import type { Price } from './pricing';

export interface Trade extends Order, Price {
  /** ISO 8601, UTC. */
  executedAt: string;
}

/** Where trades are recorded. */
export interface Blotter {
  /** @returns the trade that is recorded under this id, and whether it is new. @throws UnavailableError */
  record(trade: Trade): Promise<{ trade: Trade; added: boolean }>;
}

export interface Retry {
  /** Milliseconds. */
  wait: (ms: number) => Promise<void>;
  /** From 0 to 1. */
  random: () => number;
  /** Told before each pause. */
  onFailure: (error: Error, pauseMs: number) => void;
}

/** Milliseconds until an answer has to be there; longer than the blotter gives its store. */
const TIMEOUT = 4000;
const ATTEMPTS = 4;

/**
 * The service `blotter`. Asks again, with growing, jittered pauses, when it is not available: recording the same
 * trade twice keeps it once, so nothing is lost or doubled when only the answer got lost.
 */
export function blotterAt(url: URL, retry: Retry): Blotter {
  return {
    async record(trade) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await recordOnce(url, trade);
        } catch (error) {
          if (!(error instanceof UnavailableError) || attempt === ATTEMPTS) throw error;
          const pause = 100 * 2 ** attempt * (0.5 + retry.random() / 2);
          retry.onFailure(error, pause);
          await retry.wait(pause);
        }
      }
    },
  };
}

async function recordOnce(url: URL, trade: Trade): Promise<{ trade: Trade; added: boolean }> {
  const { status, body } = await ask('blotter', new URL('/trades', url), TIMEOUT, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(trade),
  });
  if ((status !== 200 && status !== 201) || (body as Partial<Trade> | undefined)?.id !== trade.id) {
    throw new Error(`blotter answered ${status} without the trade: ${JSON.stringify(body)?.slice(0, 200)}`);
  }
  return { trade: body as Trade, added: status === 201 };
}
