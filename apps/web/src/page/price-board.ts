/** What an instrument costs; as the service `pricing` has it. */
export interface Quote {
  symbol: string;
  name: string;
  /** ISO 4217. */
  currency: string;
  /** Digits after the point in which its price is quoted. */
  decimals: number;
  price: number;
}

export type Movement = 'up' | 'down' | 'unchanged';

export interface Row extends Quote {
  /** Of its last tick. */
  movement: Movement;
  /** The prices of the last ticks, the oldest first; the last one is `price`. */
  history: readonly number[];
  /** The first price that this page has seen. */
  firstPrice: number;
}

export interface Board {
  rows: readonly Row[];
  /** When the last prices came, milliseconds since 1970. */
  tickAt?: number;
}

export type PriceMessage =
  { type: 'snapshot'; quotes: Quote[] } | { type: 'prices'; prices: Pick<Quote, 'symbol' | 'price'>[] };

export const emptyBoard: Board = { rows: [] };

/** Ticks that are kept to draw. */
export const HISTORY = 90;

/** @returns undefined for what is no message of `pricing` */
export function parsePriceMessage(text: string): PriceMessage | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { type, quotes, prices } = (message ?? {}) as Record<string, unknown>;
  if (type === 'snapshot' && Array.isArray(quotes) && quotes.every(isQuote)) return { type, quotes };
  if (type === 'prices' && Array.isArray(prices) && prices.every(isPrice)) return { type, prices };
  return undefined;
}

/**
 * The board after a message.
 * @returns undefined when the message has an instrument that the board lacks: only a snapshot says what it is
 */
export function tick(board: Board, message: PriceMessage, at: number): Board | undefined {
  const known = new Map(board.rows.map((row) => [row.symbol, row]));
  if (message.type === 'snapshot') {
    return { rows: message.quotes.map((quote) => move(quote, known.get(quote.symbol))), tickAt: at };
  }
  const rows: Row[] = [];
  for (const { symbol, price } of message.prices) {
    const row = known.get(symbol);
    if (!row) return undefined;
    rows.push(move({ ...row, price }, row));
  }
  return { rows, tickAt: at };
}

/** Whether there is any price in it: until pricing knows the instruments it sends none. */
export function hasPrices(message: PriceMessage): boolean {
  return (message.type === 'snapshot' ? message.quotes : message.prices).length > 0;
}

/** How far a price moved since this page first saw it, in percent. */
export function changeInPercent({ price, firstPrice }: Row): number {
  return (price / firstPrice - 1) * 100;
}

/** Digits in which a price of this instrument is shown; of one that is not quoted now, those that it has. */
export function decimalsOf(rows: readonly Row[], symbol: string, price: number): number {
  const known = rows.find((row) => row.symbol === symbol)?.decimals;
  return known ?? Math.max(2, String(price).split('.')[1]?.length ?? 0);
}

function move({ symbol, name, currency, decimals, price }: Quote, before: Row | undefined): Row {
  return {
    symbol,
    name,
    currency,
    decimals,
    price,
    movement: !before || before.price === price ? 'unchanged' : before.price < price ? 'up' : 'down',
    history: [...(before?.history ?? []), price].slice(-HISTORY),
    firstPrice: before?.firstPrice ?? price,
  };
}

function isPrice(value: unknown): value is Pick<Quote, 'symbol' | 'price'> {
  const { symbol, price } = (value ?? {}) as Record<string, unknown>;
  return typeof symbol === 'string' && typeof price === 'number' && price > 0;
}

function isQuote(value: unknown): value is Quote {
  const { name, currency, decimals } = (value ?? {}) as Record<string, unknown>;
  return (
    isPrice(value) &&
    typeof name === 'string' &&
    typeof currency === 'string' &&
    typeof decimals === 'number' &&
    Number.isInteger(decimals) &&
    decimals >= 0 &&
    decimals <= 12
  );
}
