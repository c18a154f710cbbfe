import {
  changeInPercent,
  decimalsOf,
  emptyBoard,
  HISTORY,
  parsePriceMessage,
  tick,
  type Board,
} from './price-board';
import { LONGEST_SILENCE, PriceFeed, type OpenSocket } from './price-feed';
import { linePoints } from './line-points';
import { reconnectPause } from './reconnect';
import { TestingSurroundings } from './testing-surroundings';

const tide = { symbol: 'TIDE', name: 'Tide Power', currency: 'USD', decimals: 2, price: 88 };
const keel = { symbol: 'KEEL', name: 'Keel Composites', currency: 'EUR', decimals: 3, price: 9.42 };
const snapshot = { type: 'snapshot', quotes: [tide, keel] } as const;
const opened = tick(emptyBoard, { type: 'snapshot', quotes: [tide, keel] }, 1) as Board;
const move = (board: Board, price: number, at = 2) =>
  tick(board, { type: 'prices', prices: [{ symbol: 'TIDE', price }] }, at) as Board;

describe('the board', () => {
  it('begins with a snapshot', () => {
    expect(opened.tickAt).toBe(1);
    expect(opened.rows).toEqual([
      { ...tide, movement: 'unchanged', history: [88], firstPrice: 88 },
      { ...keel, movement: 'unchanged', history: [9.42], firstPrice: 9.42 },
    ]);
  });

  it.each([
    [89, 'up'],
    [87, 'down'],
    [88, 'unchanged'],
  ] as const)('at %d has moved %s', (price, movement) => {
    expect(move(opened, price).rows[0]).toMatchObject({
      price,
      movement,
      history: [88, price],
      firstPrice: 88,
    });
  });

  it('measures the change from the first price, through a new connection too', () => {
    const again = tick(
      move(opened, 89),
      { type: 'snapshot', quotes: [{ ...tide, price: 90.2 }] },
      3,
    ) as Board;
    expect(again.rows[0]).toMatchObject({ movement: 'up', history: [88, 89, 90.2], firstPrice: 88 });
    expect(changeInPercent(again.rows[0]!)).toBeCloseTo(2.5);
  });

  it('forgets the oldest of many prices', () => {
    let board = opened;
    for (let index = 0; index < HISTORY + 10; index += 1) board = move(board, 100 + index);
    expect(board.rows[0]?.history).toHaveLength(HISTORY);
    expect(board.rows[0]?.history.at(-1)).toBe(100 + HISTORY + 9);
  });

  it('has no longer what is not quoted any more, and cannot take what it does not know', () => {
    expect(move(opened, 89).rows.map(({ symbol }) => symbol)).toEqual(['TIDE']);
    expect(tick(opened, { type: 'prices', prices: [{ symbol: 'HULL', price: 1 }] }, 2)).toBeUndefined();
  });

  it('knows in how many digits a price is shown', () => {
    expect(decimalsOf(opened.rows, 'KEEL', 9.4)).toBe(3);
    expect(decimalsOf(opened.rows, 'GONE', 9.4)).toBe(2);
    expect(decimalsOf(opened.rows, 'GONE', 9.4215)).toBe(4);
  });
});

describe('a message of pricing', () => {
  it('is a snapshot or prices', () => {
    expect(parsePriceMessage(JSON.stringify(snapshot))).toEqual(snapshot);
    const prices = { type: 'prices', prices: [{ symbol: 'TIDE', price: 88.1 }] };
    expect(parsePriceMessage(JSON.stringify(prices))).toEqual(prices);
  });

  it.each([
    'x',
    'null',
    '[]',
    '{"type":"prices"}',
    '{"type":"prices","prices":[{"symbol":"TIDE","price":"88"}]}',
    '{"type":"prices","prices":[{"symbol":"TIDE","price":-1}]}',
    '{"type":"snapshot","quotes":[{"symbol":"TIDE","price":88}]}',
    JSON.stringify({ type: 'snapshot', quotes: [{ ...tide, decimals: 101 }] }),
    JSON.stringify({ ...snapshot, type: 'else' }),
  ])('is not %s', (text) => {
    expect(parsePriceMessage(text)).toBeUndefined();
  });
});

describe('pauses before connecting again', () => {
  it('grow to a limit', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map((failures) => reconnectPause(failures, 1))).toEqual([
      500, 1000, 2000, 4000, 8000, 15_000, 15_000,
    ]);
  });

  it('are spread over half of their length', () => {
    expect([0, 0.5, 1].map((random) => reconnectPause(2, random))).toEqual([1000, 1500, 2000]);
  });
});

describe('the feed', () => {
  function follow() {
    const surroundings = new TestingSurroundings();
    const sockets: (Parameters<OpenSocket>[0] & { closed: boolean })[] = [];
    const feed = new PriceFeed((listener) => {
      const socket = { ...listener, closed: false };
      sockets.push(socket);
      return { close: () => void (socket.closed = true) };
    }, surroundings);
    feed.connect();
    const say = (message: unknown) => sockets.at(-1)?.message(JSON.stringify(message));
    const state = () => feed.prices.get().connection.state;
    const symbols = () => feed.prices.get().board.rows.map(({ symbol }) => symbol);
    return { surroundings, sockets, feed, say, state, symbols };
  }

  it('is live when prices flow, and not before', () => {
    const { say, state } = follow();
    expect(state()).toBe('connecting');
    say({ type: 'snapshot', quotes: [] });
    say({ type: 'prices', prices: [] });
    expect(state()).toBe('connecting');
    say(snapshot);
    expect(state()).toBe('live');
  });

  it('tells who watches, until they stop', () => {
    const { feed, say } = follow();
    let told = 0;
    const stop = feed.prices.watch(() => (told += 1));
    say(snapshot);
    expect(told).toBe(1);
    stop();
    say({ type: 'prices', prices: [tide] });
    expect(told).toBe(1);
  });

  it('keeps stale prices while it waits, and connects again', () => {
    const { surroundings, sockets, feed, say, state, symbols } = follow();
    say(snapshot);
    sockets[0]?.close();
    expect(feed.prices.get().connection).toEqual({ state: 'waiting', retryAt: surroundings.now() + 500 });
    expect(symbols()).toEqual(['TIDE', 'KEEL']);
    surroundings.pass(499);
    expect(sockets).toHaveLength(1);
    surroundings.pass(1);
    expect([sockets.length, state()]).toEqual([2, 'connecting']);
    say(snapshot);
    expect(state()).toBe('live');
  });

  it('waits longer after each failure, and shortly again once prices came', () => {
    const { surroundings, sockets, feed, say } = follow();
    const pauses: number[] = [];
    const fail = () => {
      sockets.at(-1)?.close();
      const { connection } = feed.prices.get();
      const pause = connection.state === 'waiting' ? connection.retryAt - surroundings.now() : NaN;
      pauses.push(pause);
      surroundings.pass(pause);
    };
    fail();
    fail();
    // That a connection stands proves nothing yet.
    say({ type: 'snapshot', quotes: [] });
    fail();
    say(snapshot);
    fail();
    expect(pauses).toEqual([500, 1000, 2000, 500]);
  });

  it('gives up a connection that has gone silent', () => {
    const { surroundings, sockets, say, state } = follow();
    say(snapshot);
    surroundings.pass(LONGEST_SILENCE - 1);
    say({ type: 'prices', prices: [tide, keel] });
    surroundings.pass(LONGEST_SILENCE - 1);
    expect(state()).toBe('live');
    surroundings.pass(1);
    expect([state(), sockets[0]?.closed]).toEqual(['waiting', true]);
  });

  it('does not listen to a connection that it left', () => {
    const { surroundings, sockets, say, state } = follow();
    surroundings.pass(LONGEST_SILENCE);
    surroundings.pass(500);
    expect(sockets).toHaveLength(2);
    sockets[0]?.message(JSON.stringify(snapshot));
    expect(state()).toBe('connecting');
    say(snapshot);
    sockets[0]?.close();
    expect(state()).toBe('live');
  });

  it('connects again to learn what a new instrument is', () => {
    const { surroundings, sockets, say, state, symbols } = follow();
    say(snapshot);
    say({ type: 'prices', prices: [tide, { symbol: 'HULL', price: 540 }] });
    expect([state(), sockets[0]?.closed, symbols()]).toEqual(['waiting', true, ['TIDE', 'KEEL']]);
    surroundings.pass(500);
    say({ type: 'snapshot', quotes: [tide, { ...keel, symbol: 'HULL' }] });
    expect(symbols()).toEqual(['TIDE', 'HULL']);
  });

  it('hurries when it waits, and only then', () => {
    const { sockets, feed, say } = follow();
    say(snapshot);
    feed.hurry();
    expect(sockets).toHaveLength(1);
    sockets[0]?.close();
    feed.hurry();
    expect(sockets).toHaveLength(2);
  });
});

describe('the line of a price', () => {
  it('ends at the right, highest at the top', () => {
    const points = linePoints([100, 110, 105], 89, 20);
    expect(points).toEqual([
      [87, 20],
      [88, 0],
      [89, 10],
    ]);
  });

  it('is flat in the middle for a price that stands, and small for a small movement', () => {
    expect(linePoints([100, 100], 89, 20).map(([, y]) => y)).toEqual([10, 10]);
    expect(linePoints([100, 100.02], 89, 20).map(([, y]) => y)).toEqual([11, 9]);
  });
});
