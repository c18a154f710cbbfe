import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { readConfig } from './config';
import { MemoryStore } from './memory-store';
import { PostgresStore } from './postgres-store';
import { createServer } from './server';
import type { Trade } from './trade';
import { StoreUnavailableError } from './trade-store';
import { untilMigrated } from './until-migrated';

const trade: Trade = {
  id: '0b8f7a52-6d0e-4c4e-9f0a-1f2f6f3f9a01',
  symbol: 'TIDE',
  side: 'buy',
  quantity: 100,
  price: 88.31,
  currency: 'USD',
  executedAt: '2026-11-24T09:30:00.000Z',
};

function open(notReady: () => string | undefined = () => undefined) {
  const store = new MemoryStore();
  const server = createServer(store, notReady);
  const post = (payload: object | string) =>
    server.inject({
      method: 'POST',
      url: '/trades',
      payload,
      headers: { 'content-type': 'application/json' },
    });
  return { store, server, post };
}

describe('POST /trades', () => {
  it('keeps a trade once, however often it is sent', async () => {
    const { post, store } = open();
    const first = await post(trade);
    expect([first.statusCode, first.json()]).toEqual([201, trade]);
    const again = await post({ ...trade, id: trade.id.toUpperCase(), price: 1 });
    expect([again.statusCode, again.json()]).toEqual([200, trade]);
    expect(store.trades.size).toBe(1);
  });

  it('takes any time zone and answers in UTC', async () => {
    const { post } = open();
    const response = await post({ ...trade, executedAt: '2026-11-24T10:30:00+01:00' });
    expect(response.json()).toMatchObject({ executedAt: '2026-11-24T09:30:00.000Z' });
  });

  it.each([
    [{ id: '7' }, 'id must be a UUID, not "7".'],
    [{ id: undefined }, 'id must be a UUID; it is missing.'],
    [{ symbol: "'; DROP" }, 'symbol must be'],
    [{ side: 'hold' }, 'side must be buy or sell, not "hold".'],
    [{ quantity: 0 }, 'quantity must be a whole number from 1 to 1000000, not 0.'],
    [{ quantity: 1.5 }, 'quantity'],
    [{ quantity: 1_000_001 }, 'quantity'],
    [{ quantity: '10' }, 'quantity'],
    [{ price: -1 }, 'price'],
    [{ price: '88' }, 'price'],
    [{ currency: 'dollars' }, 'currency'],
    [{ executedAt: 'today' }, 'executedAt'],
    [{ executedAt: '2026-13-01T00:00:00Z' }, 'executedAt'],
  ])('refuses %j', async (wrong, message) => {
    const { post, store } = open();
    const response = await post({ ...trade, ...wrong });
    expect(response.statusCode).toBe(400);
    expect(response.json<{ error: string }>().error).toContain(message);
    expect(store.trades.size).toBe(0);
  });

  it.each(['{', '[]', 'null', '"trade"'])('refuses the body %s', async (body) => {
    const { post } = open();
    const response = await post(body);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toEqual({ error: expect.any(String) });
  });
});

describe('GET /trades', () => {
  it('lists the newest first, as many as asked for', async () => {
    const { post, server } = open();
    for (const second of [1, 3, 2]) {
      const id = trade.id.replace(/1$/, String(second));
      await post({ ...trade, id, executedAt: `2026-11-24T09:30:0${second}Z` });
    }
    const { trades } = (await server.inject('/trades?limit=2')).json<{ trades: Trade[] }>();
    expect(trades.map(({ id }) => id.at(-1))).toEqual(['3', '2']);
  });

  it.each(['0', '501', 'all', '1.5'])('refuses limit=%s', async (limit) => {
    const response = await open().server.inject(`/trades?limit=${limit}`);
    expect(response.statusCode).toBe(400);
    expect(response.json<{ error: string }>().error).toContain('limit must be');
  });
});

it('says so while the store is away, and goes on when it is back', async () => {
  const { post, server, store } = open();
  store.away = 'store at store:5432 does not answer';
  for (const response of [await post(trade), await server.inject('/trades')]) {
    expect([response.statusCode, response.json()]).toEqual([503, { error: store.away }]);
  }
  expect((await server.inject('/healthz')).statusCode).toBe(200);
  store.away = undefined;
  expect((await post(trade)).statusCode).toBe(201);
});

it('does not show the inside of what failed', async () => {
  const { post, store } = open();
  store.add = () => Promise.reject(new Error('column "secret" does not exist'));
  const response = await post(trade);
  expect(response.statusCode).toBe(500);
  expect(response.body).not.toContain('secret');
});

it('is ready when nothing is waited for', async () => {
  let reason: string | undefined = 'connecting to store';
  const { server } = open(() => reason);
  const waiting = await server.inject('/readyz');
  expect([waiting.statusCode, waiting.json()]).toEqual([503, { status: 'connecting to store' }]);
  reason = undefined;
  expect((await server.inject('/readyz')).statusCode).toBe(200);
});

describe('preparing the store', () => {
  it('goes on until it succeeds, with growing pauses of at most five seconds', async () => {
    const pauses: number[] = [];
    let failures = 7;
    const migrated = await untilMigrated(
      { migrate: () => (failures-- > 0 ? Promise.reject(new Error('refused')) : Promise.resolve()) },
      { random: () => 1, wait: async () => undefined },
      new AbortController().signal,
      (_error, pause) => pauses.push(pause),
    );
    expect(migrated).toBe(true);
    expect(pauses).toEqual([200, 400, 800, 1600, 3200, 5000, 5000]);
  });

  it('ends when the service does', async () => {
    const stop = new AbortController();
    const wait = async () => stop.abort();
    const failing = { migrate: () => Promise.reject(new Error('refused')) };
    expect(await untilMigrated(failing, { random: Math.random, wait }, stop.signal, () => undefined)).toBe(
      false,
    );
  });
});

describe('a store that is not there', () => {
  const storeAt = (port: number) =>
    new PostgresStore({
      url: new URL(`tcp://127.0.0.1:${port}`),
      name: 'blotter',
      password: 'none',
      onIdleError: () => undefined,
    });

  it('is unavailable when nobody listens', async () => {
    const listener = createTcpServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => listener.once('listening', resolve));
    const { port } = listener.address() as AddressInfo;
    await new Promise((resolve) => listener.close(resolve));
    const store = storeAt(port);
    await expect(store.latest(1)).rejects.toThrow(StoreUnavailableError);
    await expect(store.migrate()).rejects.toThrow(`store at 127.0.0.1:${port} does not answer: `);
    await store.close();
  });

  it('is unavailable when the connection ends before an answer', async () => {
    const listener = createTcpServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await new Promise((resolve) => listener.once('listening', resolve));
    const store = storeAt((listener.address() as AddressInfo).port);
    await expect(store.add(trade)).rejects.toThrow(StoreUnavailableError);
    await store.close();
    await new Promise((resolve) => listener.close(resolve));
  });
});

describe('the configuration', () => {
  const env = { STORE_URL: 'tcp://store:5432', STORE_PASSWORD: 'correct-horse' };

  it('has the store, and defaults for the rest', () => {
    const config = readConfig(env);
    expect(config).toMatchObject({ port: 8080, logLevel: 'info', storePassword: 'correct-horse' });
    expect([config.storeUrl.hostname, config.storeUrl.port]).toEqual(['store', '5432']);
  });

  it.each([
    [{ STORE_URL: undefined }, 'STORE_URL'],
    [{ STORE_URL: 'http://store' }, 'STORE_URL'],
    [{ STORE_PASSWORD: '' }, 'STORE_PASSWORD'],
    [{ PORT: 'http' }, 'PORT'],
  ])('%j is refused by the name of the variable, without the password', (wrong, name) => {
    const read = () => readConfig({ ...env, ...wrong });
    expect(read).toThrow(name);
    expect(read).not.toThrow('correct-horse');
  });
});
