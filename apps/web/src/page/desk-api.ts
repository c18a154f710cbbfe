import type { Order } from './order';

export interface Answer {
  status: number;
  /** Parsed JSON; undefined when it was none. */
  body: unknown;
}

/** Milliseconds; longer than the server gives the services behind it. */
const ORDER_TIMEOUT = 30_000;
const TRADES_TIMEOUT = 10_000;

const LATEST = 50;

/** @returns undefined when no answer came */
export function postOrder(order: Order): Promise<Answer | undefined> {
  return ask('/api/trades', ORDER_TIMEOUT, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
}

/** @returns undefined when no answer came */
export function getTrades(): Promise<Answer | undefined> {
  return ask(`/api/trades?limit=${LATEST}`, TRADES_TIMEOUT);
}

async function ask(path: string, timeoutMs: number, request: RequestInit = {}): Promise<Answer | undefined> {
  try {
    const response = await fetch(path, { ...request, signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text();
    return { status: response.status, body: parsed(text) };
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
