import { errorOf, isTrade, type Side, type Trade } from './trade';

/** What somebody wants to trade, at the price of the moment in which it is executed. */
export interface Order {
  /** UUID, made once: sent again, the order is the same trade. */
  id: string;
  symbol: string;
  side: Side;
  quantity: number;
}

/** What was typed. */
export interface Entry {
  symbol: string;
  side: Side;
  quantity: string;
}

/** What became of the last order. */
export type Outcome =
  | { state: 'none' }
  | { state: 'invalid'; message: string }
  | { state: 'sending'; order: Order }
  | { state: 'filled'; trade: Trade }
  | { state: 'refused'; message: string }
  /** No answer came, or one that leaves it open. */
  | { state: 'unknown'; order: Order; message: string };

const LARGEST_QUANTITY = 1_000_000;

/** @returns the quantity, or what is wrong with it */
export function parseQuantity(text: string): number | string {
  const digits = text.trim();
  const quantity = Number(digits);
  return /^\d+$/.test(digits) && quantity >= 1 && quantity <= LARGEST_QUANTITY
    ? quantity
    : `Quantity must be a whole number from 1 to ${LARGEST_QUANTITY.toLocaleString('en')}.`;
}

/**
 * The order to send for what was typed. It is the one of before, with its id, when nobody knows what became of that
 * one and it was for the same: so it cannot be traded twice.
 */
export function submit(entry: Entry, before: Outcome, newId: () => string): Outcome {
  if (before.state === 'sending') return before;
  const { symbol, side } = entry;
  const quantity = parseQuantity(entry.quantity);
  if (typeof quantity === 'string') return { state: 'invalid', message: quantity };
  if (symbol === '') return { state: 'invalid', message: 'There are no prices yet.' };
  const repeated = before.state === 'unknown' && isFor(before.order, { symbol, side, quantity });
  return { state: 'sending', order: repeated ? before.order : { id: newId(), symbol, side, quantity } };
}

/** Whether submitting sends the unanswered order again. */
export function repeats(entry: Entry, outcome: Outcome): boolean {
  const quantity = parseQuantity(entry.quantity);
  return (
    outcome.state === 'unknown' &&
    typeof quantity === 'number' &&
    isFor(outcome.order, { symbol: entry.symbol, side: entry.side, quantity })
  );
}

/**
 * What an answer to an order means.
 * @param answer undefined when none came
 */
export function outcomeOf(order: Order, answer: { status: number; body: unknown } | undefined): Outcome {
  if (!answer) return { state: 'unknown', order, message: 'The desk does not answer.' };
  const { status, body } = answer;
  if ((status === 200 || status === 201) && isTrade(body)) return { state: 'filled', trade: body };
  const message = errorOf(body) ?? `The desk answered with status ${status}.`;
  // A trade may have been recorded although its answer got lost behind the server that answers now.
  return status >= 400 && status < 500 ? { state: 'refused', message } : { state: 'unknown', order, message };
}

/** @param random 16 random bytes. `crypto.randomUUID` would be missing where the page is not served by HTTPS. */
export function uuid(random: Uint8Array): string {
  const hex = [...random.subarray(0, 16)]
    // Version 4, variant 1: RFC 9562, 5.4.
    .map((byte, index) => (index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte))
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function isFor(order: Order, { symbol, side, quantity }: Omit<Order, 'id'>): boolean {
  return order.symbol === symbol && order.side === side && order.quantity === quantity;
}
