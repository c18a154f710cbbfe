import type { Answer } from './desk-api';
import { amountText, percentText, quantityText } from './format';
import {
  outcomeOf,
  parseQuantity,
  repeats,
  submit,
  uuid,
  type Entry,
  type Order,
  type Outcome,
} from './order';
import { TestingSurroundings } from './testing-surroundings';
import { errorOf, withTrade, type Trade } from './trade';
import { REFRESH, TradeFeed } from './trade-feed';

const entry: Entry = { symbol: 'TIDE', side: 'buy', quantity: '100' };
const order: Order = { id: 'a', symbol: 'TIDE', side: 'buy', quantity: 100 };
const trade: Trade = { ...order, price: 88.31, currency: 'USD', executedAt: '2026-11-24T09:30:00.000Z' };
const none: Outcome = { state: 'none' };

describe('an order', () => {
  it.each([
    ['1', 1],
    [' 250 ', 250],
    ['1000000', 1_000_000],
  ])('of %j is for %d', (text, quantity) => {
    expect(parseQuantity(text)).toBe(quantity);
  });

  it.each(['', '0', '-1', '1.5', '1e3', 'x', '1000001', '1,000'])('cannot be of %j', (text) => {
    const message = 'Quantity must be a whole number from 1 to 1,000,000.';
    expect(submit({ ...entry, quantity: text }, none, () => 'a')).toEqual({ state: 'invalid', message });
  });

  it('needs an instrument', () => {
    expect(submit({ ...entry, symbol: '' }, none, () => 'a')).toMatchObject({ state: 'invalid' });
  });

  it('gets its id when it is sent', () => {
    expect(submit(entry, none, () => 'a')).toEqual({ state: 'sending', order });
  });

  it('is not sent twice while it is on its way', () => {
    const sending: Outcome = { state: 'sending', order };
    expect(submit({ ...entry, quantity: '7' }, sending, () => 'b')).toBe(sending);
  });

  it('keeps its id when it is sent again because no answer came', () => {
    const unknown = outcomeOf(order, undefined);
    expect(unknown).toEqual({ state: 'unknown', order, message: 'The desk does not answer.' });
    expect(submit({ ...entry, quantity: '100 ' }, unknown, () => 'b')).toEqual({ state: 'sending', order });
    expect(repeats(entry, unknown)).toBe(true);
  });

  it.each<Partial<Entry>>([{ symbol: 'KEEL' }, { side: 'sell' }, { quantity: '101' }])(
    'for something else (%j) is another one',
    (change) => {
      const unknown = outcomeOf(order, undefined);
      expect(submit({ ...entry, ...change }, unknown, () => 'b')).toMatchObject({ order: { id: 'b' } });
      expect(repeats({ ...entry, ...change }, unknown)).toBe(false);
    },
  );

  it.each<Outcome>([
    { state: 'filled', trade },
    { state: 'refused', message: '' },
    { state: 'invalid', message: '' },
  ])('after one that was $state is another one', (before) => {
    expect(submit(entry, before, () => 'b')).toMatchObject({ order: { id: 'b' } });
    expect(repeats(entry, before)).toBe(false);
  });
});

describe('an answer', () => {
  it.each([200, 201])('with %d has the trade', (status) => {
    expect(outcomeOf(order, { status, body: trade })).toEqual({ state: 'filled', trade });
  });

  it('shows what the server says is wrong', () => {
    const body = { error: 'There is no instrument NOPE.' };
    expect(outcomeOf(order, { status: 404, body })).toEqual({ state: 'refused', message: body.error });
  });

  it.each<[number, unknown, string]>([
    [
      503,
      { error: 'blotter is not available: store does not answer' },
      'blotter is not available: store does not answer',
    ],
    [502, undefined, 'The desk answered with status 502.'],
    [201, { id: 'a' }, 'The desk answered with status 201.'],
    [304, undefined, 'The desk answered with status 304.'],
  ])('with %d and %j leaves it open', (status, body, message) => {
    expect(outcomeOf(order, { status, body })).toEqual({ state: 'unknown', order, message });
  });

  it('has an error only as text', () => {
    expect([null, {}, { error: 7 }, { error: '' }].map(errorOf)).toEqual(Array(4).fill(undefined));
  });
});

describe('the id of an order', () => {
  it('is a UUID of version 4', () => {
    expect(uuid(new Uint8Array(16).fill(0xff))).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff');
    expect(uuid(new Uint8Array(16))).toBe('00000000-0000-4000-8000-000000000000');
    const bytes = Uint8Array.from({ length: 16 }, (_, index) => index);
    expect(uuid(bytes)).toBe('00010203-0405-4607-8809-0a0b0c0d0e0f');
  });
});

describe('the blotter', () => {
  const at = (id: string, second: number): Trade => ({
    ...trade,
    id,
    executedAt: `2026-11-24T09:30:0${second}Z`,
  });

  it('has each trade once, the newest first', () => {
    const trades = withTrade(withTrade([at('b', 2)], at('a', 1)), at('c', 3));
    expect(trades.map(({ id }) => id)).toEqual(['c', 'b', 'a']);
    expect(withTrade(trades, at('a', 1))).toEqual(trades);
    expect(withTrade([at('b', 1)], at('a', 1)).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  function follow() {
    const surroundings = new TestingSurroundings();
    const waiting: ((answer: Answer | undefined) => void)[] = [];
    const feed = new TradeFeed(() => new Promise((resolve) => waiting.push(resolve)), surroundings);
    const ids = () => feed.blotter.get().trades.map(({ id }) => id);
    return { surroundings, waiting, feed, ids };
  }
  const read = (...trades: Trade[]): Answer => ({ status: 200, body: { trades } });

  it('is read every few seconds', async () => {
    const { surroundings, waiting, feed, ids } = follow();
    const first = feed.refresh();
    waiting[0]?.(read(at('a', 1)));
    await first;
    expect([ids(), feed.blotter.get().readAt]).toEqual([['a'], surroundings.now()]);
    surroundings.pass(REFRESH - 1);
    expect(waiting).toHaveLength(1);
    surroundings.pass(1);
    expect(waiting).toHaveLength(2);
  });

  it('shows a trade at once, whatever an earlier reading still says', async () => {
    const { waiting, feed, ids } = follow();
    const earlier = feed.refresh();
    const added = feed.add(at('b', 2));
    expect(ids()).toEqual(['b']);
    waiting[0]?.(read(at('a', 1)));
    await earlier;
    expect(ids()).toEqual(['b']);
    waiting[1]?.(read(at('b', 2), at('a', 1)));
    await added;
    expect(ids()).toEqual(['b', 'a']);
  });

  it.each<[Answer | undefined, string]>([
    [undefined, 'The desk does not answer.'],
    [{ status: 503, body: { error: 'blotter cannot be reached now.' } }, 'blotter cannot be reached now.'],
    [{ status: 200, body: { trades: [{ id: 'a' }] } }, 'The desk answered with status 200.'],
  ])('keeps what it has while it cannot be read (%j), and goes on', async (answer, error) => {
    const { surroundings, waiting, feed, ids } = follow();
    const first = feed.refresh();
    waiting[0]?.(read(at('a', 1)));
    await first;
    const second = feed.refresh();
    waiting[1]?.(answer);
    await second;
    expect([ids(), feed.blotter.get().error]).toEqual([['a'], error]);
    surroundings.pass(REFRESH);
    waiting[2]?.(read());
    await Promise.resolve();
    await Promise.resolve();
    expect(feed.blotter.get()).toEqual({ trades: [], readAt: surroundings.now() });
  });
});

it('shows figures in one form', () => {
  expect([quantityText(1_000_000), amountText(8831), amountText(0.126)]).toEqual([
    '1,000,000',
    '8,831.00',
    '0.13',
  ]);
  expect([0.123, -0.125, 0, -0.001].map(percentText)).toEqual(['+0.12%', '−0.13%', '0.00%', '0.00%']);
});
