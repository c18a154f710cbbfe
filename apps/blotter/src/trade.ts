export type Side = 'buy' | 'sell';

/** Something that was bought or sold. */
export interface Trade {
  /** UUID, chosen by who records the trade, so that recording it again changes nothing. */
  id: string;
  symbol: string;
  side: Side;
  quantity: number;
  /** Of one, in `currency`. */
  price: number;
  /** ISO 4217. */
  currency: string;
  /** ISO 8601, UTC. */
  executedAt: string;
}

export const LARGEST_QUANTITY = 1_000_000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** A request that is wrong; the message says which field, and what was expected. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';
}

/** @throws InvalidRequestError */
export function parseTrade(body: unknown): Trade {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new InvalidRequestError('The body must be a trade as a JSON object.');
  }
  const fields = body as Readonly<Record<string, unknown>>;
  const { id, symbol, side, quantity, price, currency, executedAt } = fields;
  expect(typeof id === 'string' && UUID.test(id), 'id', 'a UUID', id);
  expect(
    typeof symbol === 'string' && /^[A-Z0-9.]{1,12}$/.test(symbol),
    'symbol',
    'a symbol such as TIDE',
    symbol,
  );
  expect(side === 'buy' || side === 'sell', 'side', 'buy or sell', side);
  expect(
    Number.isInteger(quantity) && Number(quantity) >= 1 && Number(quantity) <= LARGEST_QUANTITY,
    'quantity',
    `a whole number from 1 to ${LARGEST_QUANTITY}`,
    quantity,
  );
  expect(
    typeof price === 'number' && price > 0 && price < 1e12,
    'price',
    'a number above 0 and below 1000000000000',
    price,
  );
  expect(
    typeof currency === 'string' && /^[A-Z]{3}$/.test(currency),
    'currency',
    'a code such as EUR',
    currency,
  );
  expect(
    typeof executedAt === 'string' && ISO_DATE.test(executedAt) && !Number.isNaN(Date.parse(executedAt)),
    'executedAt',
    'a time such as 2026-11-24T09:30:00Z',
    executedAt,
  );
  return {
    id: String(id).toLowerCase(),
    symbol: String(symbol),
    side: side as Side,
    quantity: Number(quantity),
    price: Number(price),
    currency: String(currency),
    executedAt: new Date(String(executedAt)).toISOString(),
  };
}

/** @param text `limit` of the query; undefined: 50. @throws InvalidRequestError */
export function parseLimit(text: string | undefined): number {
  const limit = Number(text ?? 50);
  expect(
    Number.isInteger(limit) && limit >= 1 && limit <= 500,
    'limit',
    'a whole number from 1 to 500',
    text,
  );
  return limit;
}

function expect(met: boolean, field: string, expected: string, found: unknown): void {
  if (met) return;
  const shown = found === undefined ? 'it is missing' : `not ${JSON.stringify(found).slice(0, 80)}`;
  throw new InvalidRequestError(`${field} must be ${expected}${found === undefined ? '; ' : ', '}${shown}.`);
}
