import { again, type Retry } from './again';
import { ask } from './ask';
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

/** Milliseconds until an answer has to be there; longer than the blotter gives its store. */
const TIMEOUT = 4000;
const ATTEMPTS = 4;

/**
 * The service `blotter`. Recording the same trade twice keeps it once, so nothing is lost or doubled when only the answer
 * got lost.
 */
export function blotterAt(url: URL, retry: Retry): Blotter {
  return { record: (trade) => again(() => recordOnce(url, trade), ATTEMPTS, retry) };
}

async function recordOnce(url: URL, trade: Trade): Promise<{ trade: Trade; added: boolean }> {
  const { status, body } = await ask('blotter', new URL('/trades', url), {
    method: 'POST',
    timeoutMs: TIMEOUT,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(trade)),
  });
  if ((status !== 200 && status !== 201) || (body as Partial<Trade> | undefined)?.id !== trade.id) {
    throw new Error(`blotter answered ${status} without the trade: ${JSON.stringify(body)?.slice(0, 200)}`);
  }
  return { trade: body as Trade, added: status === 201 };
}
