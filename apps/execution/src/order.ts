import { randomUUID } from 'node:crypto';

export type Side = 'buy' | 'sell';

/** What somebody wants to trade, at the price of now. */
export interface Order {
  /** UUID: the trade's own. An order that is sent again with the same one is the same trade. */
  id: string;
  symbol: string;
  side: Side;
  quantity: number;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const LARGEST_QUANTITY = 1_000_000;

/** An order that is wrong; the message says which field, and what was expected. */
export class InvalidOrderError extends Error {
  override readonly name = 'InvalidOrderError';
}

/** An order without an id gets one. @throws InvalidOrderError */
export function parseOrder(body: unknown, newId: () => string = randomUUID): Order {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new InvalidOrderError('The body must be an order as a JSON object: symbol, side, quantity.');
  }
  const { id, symbol, side, quantity } = body as Readonly<Record<string, unknown>>;
  if (typeof symbol !== 'string' || !/^[A-Z0-9.]{1,12}$/.test(symbol)) {
    throw wrong('symbol', 'a symbol such as TIDE', symbol);
  }
  if (side !== 'buy' && side !== 'sell') throw wrong('side', 'buy or sell', side);
  if (
    typeof quantity !== 'number' ||
    !Number.isInteger(quantity) ||
    quantity < 1 ||
    quantity > LARGEST_QUANTITY
  ) {
    throw wrong('quantity', `a whole number from 1 to ${LARGEST_QUANTITY}`, quantity);
  }
  if (id !== undefined && (typeof id !== 'string' || !UUID.test(id))) {
    throw wrong('id', 'a UUID, or absent', id);
  }
  return { id: id?.toLowerCase() ?? newId(), symbol, side, quantity };
}

function wrong(field: string, expected: string, found: unknown): InvalidOrderError {
  return new InvalidOrderError(
    found === undefined
      ? `${field} must be ${expected}; it is missing.`
      : `${field} must be ${expected}, not ${JSON.stringify(found).slice(0, 80)}.`,
  );
}
