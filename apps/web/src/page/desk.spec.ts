import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { Desk } from './desk';
import { OrderResult } from './order-result';
import type { Outcome } from './order';
import { PriceFeed, type OpenSocket } from './price-feed';
import { TestingSurroundings } from './testing-surroundings';
import type { Trade } from './trade';
import { TradeFeed } from './trade-feed';

const trade: Trade = {
  id: '0b8f7a52-6d0e-4c4e-9f0a-1f2f6f3f9a01',
  symbol: 'KEEL',
  side: 'sell',
  quantity: 1500,
  price: 9.4,
  currency: 'EUR',
  executedAt: '2026-11-24T09:30:00.000Z',
};

async function desk() {
  const surroundings = new TestingSurroundings();
  let socket: Parameters<OpenSocket>[0] | undefined;
  const open: OpenSocket = (listener) => {
    socket = listener;
    return { close: () => undefined };
  };
  const priceFeed = new PriceFeed(open, surroundings);
  const tradeFeed = new TradeFeed(async () => ({ status: 200, body: { trades: [trade] } }), surroundings);
  priceFeed.connect();
  const quotes = [
    { symbol: 'KEEL', name: 'Keel Composites', currency: 'EUR', decimals: 3, price: 9.42 },
    { symbol: 'TIDE', name: 'Tide Power', currency: 'USD', decimals: 2, price: 88.3 },
  ];
  const markup = () =>
    renderToStaticMarkup(
      createElement(Desk, { priceFeed, tradeFeed, send: async () => undefined, newId: () => 'a' }),
    );
  return {
    tradeFeed,
    quote: () => socket?.message(JSON.stringify({ type: 'snapshot', quotes })),
    disconnect: () => socket?.close(),
    markup,
  };
}

/** The text of the element with this data-testid, without the tags inside. */
function textOf(markup: string, id: string): string | undefined {
  const [, name, content] =
    new RegExp(`<(\\w+)[^>]* data-testid="${id}"[^>]*>(.*?)</\\1>`).exec(markup) ?? [];
  return name === undefined ? undefined : content?.replace(/<[^>]*>/g, '');
}

it('shows each price in its digits, and that it is live', async () => {
  const { markup, quote } = await desk();
  expect(textOf(markup(), 'connection')).toBe('connecting');
  expect(markup()).toContain('Waiting for prices');
  quote();
  expect(textOf(markup(), 'connection')).toBe('live');
  expect([textOf(markup(), 'price-KEEL'), textOf(markup(), 'price-TIDE')]).toEqual(['9.420', '88.30']);
  expect(markup()).not.toContain('stale');
});

it('says that prices are stale while it connects again', async () => {
  const { markup, quote, disconnect } = await desk();
  quote();
  disconnect();
  expect(textOf(markup(), 'connection')).toBe('reconnecting');
  expect(markup()).toContain('These prices are stale');
  expect(textOf(markup(), 'price-TIDE')).toBe('88.30');
});

it('has a ticket whose fields have names', async () => {
  const { markup, quote } = await desk();
  expect(markup()).toMatch(/<button[^>]*data-testid="order-submit"[^>]*disabled/);
  quote();
  expect(textOf(markup(), 'order-submit')).toBe('Buy 100 KEEL');
  expect(markup()).not.toMatch(/<button[^>]*data-testid="order-submit"[^>]*disabled/);
  for (const id of ['order-symbol', 'order-side-buy', 'order-side-sell', 'order-quantity']) {
    expect(markup()).toMatch(new RegExp(`<label[^>]*>((?!</label>).)*data-testid="${id}"`));
  }
  expect(markup()).toMatch(/data-testid="order-result" aria-live="polite"/);
});

it('lists the trades', async () => {
  const { markup, tradeFeed } = await desk();
  expect(textOf(markup(), 'blotter')).not.toContain('KEEL');
  await tradeFeed.refresh();
  expect(textOf(markup(), `trade-${trade.id}`)).toMatch(/sellKEEL1,5009\.4014,100\.00 EUR$/);
});

it.each<[Outcome, string]>([
  [{ state: 'none' }, ''],
  [{ state: 'invalid', message: 'Quantity must be' }, 'Quantity must be'],
  [{ state: 'refused', message: 'There is no instrument NOPE.' }, 'There is no instrument NOPE.'],
  [{ state: 'filled', trade }, 'Sold 1,500 KEEL at 9.40 EUR'],
  [
    { state: 'unknown', order: trade, message: 'The desk does not answer.' },
    'The desk does not answer.It is not known whether selling 1,500 KEEL went through.',
  ],
])('shows what became of an order: %j', (outcome, text) => {
  const markup = renderToStaticMarkup(createElement(OrderResult, { id: 'r', outcome, rows: [] }));
  expect((textOf(markup, 'order-result') ?? 'missing').slice(0, text.length || undefined)).toBe(text);
});
