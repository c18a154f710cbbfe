import { again, type Retry } from './again';
import { ask, errorOf } from './ask';

export interface Price {
  /** Of one, in `currency`. */
  price: number;
  /** ISO 4217. */
  currency: string;
}

/** Where prices come from. */
export interface Pricing {
  /** @throws UnknownSymbolError, UnavailableError */
  priceOf(symbol: string): Promise<Price>;
}

export class UnknownSymbolError extends Error {
  override readonly name = 'UnknownSymbolError';
}

/** Milliseconds until an answer has to be there. */
const TIMEOUT = 2000;
/** The one who was asked first may just have gone. With those of the blotter they take less than `web` gives a trade. */
const ATTEMPTS = 2;

/** The prices of the service `pricing`. */
export function pricingAt(url: URL, retry: Retry): Pricing {
  return { priceOf: (symbol) => again(() => priceOf(url, symbol), ATTEMPTS, retry) };
}

async function priceOf(url: URL, symbol: string): Promise<Price> {
  const { status, body } = await ask('pricing', new URL(`/prices/${encodeURIComponent(symbol)}`, url), {
    method: 'GET',
    timeoutMs: TIMEOUT,
  });
  if (status === 404) throw new UnknownSymbolError(errorOf(body) ?? `There is no instrument ${symbol}.`);
  const { price, currency } = (body ?? {}) as Partial<Record<keyof Price, unknown>>;
  if (status !== 200 || typeof price !== 'number' || typeof currency !== 'string') {
    throw new Error(`pricing answered ${status} without a price: ${JSON.stringify(body)?.slice(0, 200)}`);
  }
  return { price, currency };
}
