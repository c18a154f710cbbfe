import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { readConfig } from './config';
import { untilInstruments, type Instrument } from './instrument-source';
import { Market } from './market';
import { createServer } from './server';
import { priceAt } from './walk';

const tide: Instrument = {
  symbol: 'TIDE',
  name: 'Tide Power',
  currency: 'USD',
  referencePrice: 88.3,
  decimals: 2,
};

describe('the walk', () => {
  const prices = Array.from({ length: 2000 }, (_, tick) => priceAt('TIDE', 88.3, 2, 1_790_000_000 + tick));

  it('is the same for everybody', () => {
    expect(priceAt('TIDE', 88.3, 2, 1_790_000_007)).toBe(prices[7]);
    expect(priceAt('KEEL', 88.3, 2, 1_790_000_007)).not.toBe(prices[7]);
  });

  it('moves often, a little at a time', () => {
    const steps = prices.slice(1).map((price, index) => Math.abs(price - prices[index]!) / price);
    expect(steps.filter((step) => step > 0).length).toBeGreaterThan(steps.length * 0.7);
    expect(Math.max(...steps)).toBeLessThan(0.01);
  });

  it('stays in reach of where it started, in the decimals of its quote', () => {
    for (const price of prices) {
      expect(price).toBeGreaterThan(60);
      expect(price).toBeLessThan(130);
      expect(Number(price.toFixed(2))).toBe(price);
    }
  });
});

describe('the configuration', () => {
  it('has the address of reference, and defaults for the rest', () => {
    expect(readConfig({ REFERENCE_URL: 'http://reference' })).toMatchObject({
      port: 8080,
      tickMs: 1000,
      logLevel: 'info',
    });
  });

  it.each([
    [{}, 'REFERENCE_URL'],
    [{ REFERENCE_URL: 'reference' }, 'REFERENCE_URL'],
    [{ REFERENCE_URL: 'http://reference', PORT: 'http' }, 'PORT'],
    [{ REFERENCE_URL: 'http://reference', TICK_MS: '0' }, 'TICK_MS'],
  ])('%j is refused by the name of the variable', (env, name) => {
    expect(() => readConfig(env)).toThrow(name);
  });
});

describe('asking for the instruments', () => {
  it('goes on until there is an answer, with growing pauses of at most ten seconds', async () => {
    const pauses: number[] = [];
    let failures = 9;
    const instruments = await untilInstruments(
      () => (failures-- > 0 ? Promise.reject(new Error('refused')) : Promise.resolve([tide])),
      { random: () => 1, wait: async () => undefined },
      new AbortController().signal,
      (_error, pause) => pauses.push(pause),
    );
    expect(instruments).toEqual([tide]);
    expect(pauses).toEqual([200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000]);
  });

  it('ends when the service does', async () => {
    const stop = new AbortController();
    const instruments = await untilInstruments(
      () => Promise.reject(new Error('refused')),
      { random: Math.random, wait: async () => stop.abort() },
      stop.signal,
      () => undefined,
    );
    expect(instruments).toBeUndefined();
  });
});

describe('the server', () => {
  function open() {
    let now = 1_790_000_000_000;
    const market = new Market(1000, () => now);
    const server = createServer(market);
    return { market, server, later: (seconds: number) => (now += seconds * 1000) };
  }

  it('is alive, but not ready, until it has instruments', async () => {
    const { market, server } = open();
    expect((await server.http.inject('/healthz')).statusCode).toBe(200);
    expect((await server.http.inject('/readyz')).statusCode).toBe(503);
    expect((await server.http.inject('/prices/TIDE')).statusCode).toBe(503);
    market.list([tide]);
    expect((await server.http.inject('/readyz')).statusCode).toBe(200);
    expect((await server.http.inject('/prices/TIDE')).json()).toMatchObject({
      symbol: 'TIDE',
      currency: 'USD',
    });
    expect((await server.http.inject('/prices/NOPE')).statusCode).toBe(404);
    await server.http.close();
  });

  it('sends a snapshot, then prices, and goodbye when it drains', async () => {
    const { market, server, later } = open();
    market.list([tide]);
    await server.http.listen({ host: '127.0.0.1', port: 0 });
    const { port } = server.http.server.address() as AddressInfo;
    const client = new WebSocket(`ws://127.0.0.1:${port}/prices`);
    const read = async () =>
      JSON.parse(String((await once(client, 'message'))[0])) as Record<string, unknown>;

    const snapshot = await read();
    expect(snapshot).toEqual({ type: 'snapshot', quotes: market.quotes() });
    later(5);
    const next = read();
    server.publish();
    expect(await next).toEqual({ type: 'prices', prices: market.prices() });
    expect(market.prices()).not.toEqual(
      (snapshot.quotes as { symbol: string; price: number }[]).map(({ symbol, price }) => ({
        symbol,
        price,
      })),
    );

    const goodbye = once(client, 'close');
    await server.http.close();
    expect((await goodbye)[0]).toBe(1001);
  });

  it('ends a connection that has gone silent', async () => {
    const { server } = open();
    await server.http.listen({ host: '127.0.0.1', port: 0 });
    const { port } = server.http.server.address() as AddressInfo;
    const client = new WebSocket(`ws://127.0.0.1:${port}/prices`, { autoPong: false });
    await once(client, 'message');
    const pinged = once(client, 'ping');
    server.subscribers.dropSilent();
    await pinged;
    const ended = once(client, 'close');
    server.subscribers.dropSilent();
    expect((await ended)[0]).toBe(1006);
    await server.http.close();
  });

  it('has its websocket at one path only', async () => {
    const { server } = open();
    await server.http.listen({ host: '127.0.0.1', port: 0 });
    const { port } = server.http.server.address() as AddressInfo;
    const client = new WebSocket(`ws://127.0.0.1:${port}/elsewhere`);
    const [error] = (await once(client, 'error')) as [Error];
    expect(error.message).toContain('404');
    await server.http.close();
  });
});
