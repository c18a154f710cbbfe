export type Side = 'buy' | 'sell';

/** A trade; as the services `execution` and `blotter` have it. */
export interface Trade {
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

export function isTrade(value: unknown): value is Trade {
  const { id, symbol, side, quantity, price, currency, executedAt } = (value ?? {}) as Record<
    string,
    unknown
  >;
  return (
    typeof id === 'string' &&
    typeof symbol === 'string' &&
    (side === 'buy' || side === 'sell') &&
    typeof quantity === 'number' &&
    typeof price === 'number' &&
    typeof currency === 'string' &&
    typeof executedAt === 'string' &&
    !Number.isNaN(Date.parse(executedAt))
  );
}

/** The trades with one more, in the order of the blotter: the newest first, each id once. */
export function withTrade(trades: readonly Trade[], trade: Trade): Trade[] {
  return [trade, ...trades.filter(({ id }) => id !== trade.id)].sort(
    (a, b) => Date.parse(b.executedAt) - Date.parse(a.executedAt) || (a.id < b.id ? -1 : 1),
  );
}

/** The text that a service of this system sends with a refusal. */
export function errorOf(body: unknown): string | undefined {
  const { error } = (body ?? {}) as { error?: unknown };
  return typeof error === 'string' && error !== '' ? error : undefined;
}
