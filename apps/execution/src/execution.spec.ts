import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { blotterAt, type Trade } from './blotter';
import { readConfig } from './config';
import { parseOrder } from './order';
import { pricingAt } from './pricing';
import { createServer } from './server';

const order = { symbol: 'TIDE', side: 'buy', quantity: 100 };
const id = '0b8f7a52-6d0e-4c4e-9f0a-1f2f6f3f9a01';
const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    }),
  );
});

async function listen(handler: RequestListener): Promise<URL> {
  const server = createHttpServer(handler).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

/** Has one instrument, TIDE. */
const prices: RequestListener = (request, response) => {
  const known = request.url === '/prices/TIDE';
  response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify(
      known ? { symbol: 'TIDE', price: 88.31, currency: 'USD' } : { error: 'There is no instrument NOPE.' },
    ),
  );
};

/** Keeps trades by id. `failures` is how the first requests fail. */
function trades(failures: ('drop' | 'keep and drop' | 503)[] = []) {
  const kept = new Map<string, Trade>();
  const asked: Trade[] = [];
  const handler: RequestListener = async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const trade = JSON.parse(Buffer.concat(parts).toString()) as Trade;
    asked.push(trade);
    const failure = failures.shift();
    if (failure === 'drop') return void request.socket.destroy();
    if (failure === 503) {
      response.writeHead(503, { 'content-type': 'application/json' });
      return void response.end(JSON.stringify({ error: 'store does not answer' }));
    }
    const before = kept.get(trade.id);
    if (!before) kept.set(trade.id, trade);
    if (failure === 'keep and drop') return void request.socket.destroy();
    response.writeHead(before ? 200 : 201, { 'content-type': 'application/json' });
    response.end(JSON.stringify(before ?? trade));
  };
  return { kept, asked, handler };
}

async function desk(pricing: RequestListener, blotter: RequestListener) {
  const pauses: number[] = [];
  const retry = {
    random: () => 1,
    wait: async () => undefined,
    onFailure: (_: Error, ms: number) => void pauses.push(ms),
  };
  const server = createServer({
    pricing: pricingAt(await listen(pricing), retry),
    blotter: blotterAt(await listen(blotter), retry),
    now: () => Date.UTC(2026, 10, 24, 9, 30),
  });
  const post = (payload: unknown) =>
    server.inject({
      method: 'POST',
      url: '/trades',
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify(payload),
    });
  return { server, post, pauses };
}

it('trades at the price of now and records it', async () => {
  const blotter = trades();
  const { post } = await desk(prices, blotter.handler);
  const response = await post({ ...order, id });
  expect(response.statusCode).toBe(201);
  expect(response.json()).toEqual({
    id,
    ...order,
    price: 88.31,
    currency: 'USD',
    executedAt: '2026-11-24T09:30:00.000Z',
  });
  expect([...blotter.kept.values()]).toEqual([response.json()]);
});

it('gives every order without an id one of its own', async () => {
  const blotter = trades();
  const { post } = await desk(prices, blotter.handler);
  await post(order);
  await post(order);
  expect(blotter.kept.size).toBe(2);
});

it('answers an order that was traded before with the trade of then', async () => {
  const blotter = trades();
  const { post } = await desk(prices, blotter.handler);
  const first = await post({ ...order, id });
  const again = await post({ ...order, id, quantity: 7 });
  expect([again.statusCode, again.json()]).toEqual([200, first.json()]);
});

it.each([
  [{ symbol: 'tide' }, 'symbol must be a symbol such as TIDE, not "tide".'],
  [{ symbol: '../healthz' }, 'symbol must be'],
  [{ symbol: undefined }, 'symbol must be a symbol such as TIDE; it is missing.'],
  [{ side: 'BUY' }, 'side must be buy or sell, not "BUY".'],
  [{ quantity: 0 }, 'quantity must be a whole number from 1 to 1000000, not 0.'],
  [{ quantity: '5' }, 'quantity must be'],
  [{ quantity: 0.5 }, 'quantity must be'],
  [{ quantity: 1_000_001 }, 'quantity must be'],
  [{ id: 'mine' }, 'id must be a UUID, or absent, not "mine".'],
  [{ id: null }, 'id must be'],
])('refuses %j and asks nobody', async (wrong, message) => {
  const nobody: RequestListener = () => {
    throw new Error('was asked');
  };
  const { post } = await desk(nobody, nobody);
  const response = await post({ ...order, ...wrong });
  expect(response.statusCode).toBe(400);
  expect(response.json<{ error: string }>().error).toContain(message);
});

it.each([[[]], [null], ['order']])('refuses the body %j', async (body) => {
  const { post } = await desk(prices, trades().handler);
  expect((await post(body)).statusCode).toBe(400);
});

it('hands on what pricing says of an unknown symbol', async () => {
  const blotter = trades();
  const { post } = await desk(prices, blotter.handler);
  const response = await post({ ...order, symbol: 'NOPE' });
  expect([response.statusCode, response.json()]).toEqual([404, { error: 'There is no instrument NOPE.' }]);
  expect(blotter.asked).toEqual([]);
});

it('asks pricing again when its connection breaks', async () => {
  let asked = 0;
  const { post, pauses } = await desk((request, response) => {
    asked += 1;
    if (asked === 1) request.socket.destroy();
    else prices(request, response);
  }, trades().handler);
  expect((await post(order)).statusCode).toBe(201);
  expect([asked, pauses]).toEqual([2, [200]]);
});

it.each<[string, RequestListener, string]>([
  [
    'does not answer',
    (request) => request.socket.destroy(),
    'The connection to pricing broke before it had answered.',
  ],
  [
    'has no prices yet',
    (_request, response) => response.writeHead(503).end('{"error":"There are no prices yet."}'),
    'pricing is not available: There are no prices yet.',
  ],
])('says so when pricing %s', async (_, pricing, message) => {
  const { post } = await desk(pricing, trades().handler);
  const response = await post(order);
  expect(response.statusCode).toBe(503);
  expect(response.json<{ error: string }>().error).toContain(message);
});

it('does not trade at what is no price', async () => {
  const blotter = trades();
  const { post } = await desk((_request, response) => response.end('{"price":"88"}'), blotter.handler);
  expect((await post(order)).statusCode).toBe(500);
  expect(blotter.asked).toEqual([]);
});

describe('while the blotter is not available', () => {
  it('asks again with the same trade, so that it is kept once', async () => {
    const blotter = trades(['drop', 503, 'keep and drop']);
    const { post, pauses } = await desk(prices, blotter.handler);
    const response = await post(order);
    // The third request kept it and its answer was lost.
    expect(response.statusCode).toBe(200);
    expect(blotter.kept.size).toBe(1);
    expect(new Set(blotter.asked.map((trade) => JSON.stringify(trade))).size).toBe(1);
    expect(pauses).toEqual([200, 400, 800]);
  });

  it('gives up after four times, with the reason', async () => {
    const blotter = trades([503, 503, 503, 503, 503]);
    const { post } = await desk(prices, blotter.handler);
    const response = await post(order);
    expect([response.statusCode, response.json()]).toEqual([
      503,
      { error: 'blotter is not available: store does not answer' },
    ]);
    expect(blotter.asked).toHaveLength(4);
  });

  it('does not ask again when it refuses', async () => {
    let asked = 0;
    const { post } = await desk(prices, (request, response) => {
      asked += 1;
      request.resume().on('end', () => response.writeHead(400).end('{"error":"quantity must be"}'));
    });
    const response = await post(order);
    expect([response.statusCode, asked]).toEqual([500, 1]);
    expect(response.body).not.toContain('quantity');
  });
});

it('is alive, and ready until it drains', async () => {
  const { server } = await desk(prices, trades().handler);
  expect((await server.inject('/healthz')).statusCode).toBe(200);
  expect((await server.inject('/readyz')).statusCode).toBe(200);
});

it('finishes the trade that runs when it is told to end', async () => {
  let arrived: () => void;
  let answer: () => void;
  const waiting = new Promise<void>((resolve) => (arrived = resolve));
  const held = new Promise<void>((resolve) => (answer = resolve));
  const blotter = trades();
  const { server } = await desk(async (request, response) => {
    arrived();
    await held;
    prices(request, response);
  }, blotter.handler);
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const response = fetch(`${url}/trades`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
  await waiting;
  const closed = server.close();
  answer!();
  expect((await response).status).toBe(201);
  await closed;
  expect(blotter.kept.size).toBe(1);
});

it('keeps the id of an order in one spelling', () => {
  expect(parseOrder({ ...order, id: id.toUpperCase() }).id).toBe(id);
});

describe('the configuration', () => {
  const env = { PRICING_URL: 'http://pricing', BLOTTER_URL: 'http://blotter' };

  it('has the services that it needs, and defaults for the rest', () => {
    const { pricingUrl, blotterUrl, ...rest } = readConfig(env);
    expect([pricingUrl.host, blotterUrl.host, rest]).toEqual([
      'pricing',
      'blotter',
      { port: 8080, logLevel: 'info' },
    ]);
  });

  it.each([
    [{ PRICING_URL: undefined }, 'PRICING_URL'],
    [{ BLOTTER_URL: 'tcp://blotter' }, 'BLOTTER_URL'],
    [{ PORT: '-1' }, 'PORT'],
  ])('%j is refused by the name of the variable', (wrong, name) => {
    expect(() => readConfig({ ...env, ...wrong })).toThrow(name);
  });
});
