import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { PageFile } from '@berth/http-service';
import { readConfig } from './config';
import { createServer } from './server';
import { closeServices, listen, nobody, nowhere } from './testing-services';

const page: PageFile[] = [
  {
    path: '/',
    contentType: 'text/html; charset=utf-8',
    cacheControl: 'no-cache',
    etag: '"1"',
    content: Buffer.from('<!doctype html>'),
  },
];

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  await closeServices();
});

async function web(handlers: {
  pricing?: RequestListener;
  execution?: RequestListener;
  blotter?: RequestListener;
}) {
  const [pricing, execution, blotter] = await Promise.all(
    [handlers.pricing, handlers.execution, handlers.blotter].map((handler) => listen(handler ?? nobody)),
  );
  return serve({ pricingUrl: pricing!.url, executionUrl: execution!.url, blotterUrl: blotter!.url });
}

function serve(services: Parameters<typeof createServer>[1]) {
  const server = createServer(page, services);
  closing.push(() => server.close());
  return server;
}

const order = Buffer.from('{ "symbol":"TIDE","side":"buy","quantity":100.0,"größe":"é" }');

describe('forwarding', () => {
  it('hands an order to execution byte for byte, and its answer back', async () => {
    let received: { method?: string; url?: string; body: Buffer } | undefined;
    const server = await web({
      execution: async (request, response) => {
        const parts: Buffer[] = [];
        for await (const part of request) parts.push(part as Buffer);
        received = { method: request.method, url: request.url, body: Buffer.concat(parts) };
        response.writeHead(201, { 'content-type': 'application/json; charset=utf-8' }).end('{"id": "7"}');
      },
    });
    const response = await server.inject({
      method: 'POST',
      url: '/api/trades',
      headers: { 'content-type': 'application/json' },
      payload: order,
    });
    expect(received).toEqual({ method: 'POST', url: '/trades', body: order });
    expect([response.statusCode, response.body]).toEqual([201, '{"id": "7"}']);
    expect(response.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    });
  });

  it.each([
    ['/api/trades?limit=7&x=%2F', 'blotter', '/trades?limit=7&x=%2F'],
    ['/api/trades', 'blotter', '/trades'],
    ['/api/prices', 'pricing', '/prices'],
  ] as const)('GET %s asks %s for %s', async (url, service, expected) => {
    const asked: (string | undefined)[] = [];
    const server = await web({
      [service]: ((request, response) => {
        asked.push(request.url);
        response.end('{}');
      }) satisfies RequestListener,
    });
    const response = await server.inject(url);
    expect([response.statusCode, asked]).toEqual([200, [expected]]);
  });

  it.each([400, 404, 503])('hands on a refusal with status %d as it is', async (status) => {
    const server = await web({
      execution: (request, response) => {
        request.resume();
        response.writeHead(status, { 'content-type': 'application/json' }).end('{"error":"side must be"}');
      },
    });
    const response = await server.inject({ method: 'POST', url: '/api/trades', payload: { side: 'hold' } });
    expect([response.statusCode, response.json()]).toEqual([status, { error: 'side must be' }]);
  });

  it('takes no order in another form than JSON, and none that is too large', async () => {
    const server = await web({});
    const post = (type: string, payload: string) =>
      server.inject({ method: 'POST', url: '/api/trades', headers: { 'content-type': type }, payload });
    expect((await post('text/plain', '{}')).statusCode).toBe(415);
    expect((await post('application/json', ' '.repeat(20_000))).statusCode).toBe(413);
  });

  it('passes no cookies and no other headers on', async () => {
    let headers: object = {};
    const server = await web({
      blotter: (request, response) => {
        headers = request.headers;
        response.writeHead(200, { 'set-cookie': 'a=b', 'content-type': 'application/json' }).end('{}');
      },
    });
    const response = await server.inject({ url: '/api/trades', headers: { cookie: 'c=d', expect: 'x' } });
    // On a connection of its own: see ask.
    expect(headers).toEqual({ connection: 'close', host: expect.any(String) as string });
    expect(response.headers).not.toHaveProperty('set-cookie');
  });
});

describe('a service that is away', () => {
  it('is 503 when it cannot be reached', async () => {
    const url = await nowhere();
    const server = serve({ pricingUrl: url, executionUrl: url, blotterUrl: url });
    const responses = await Promise.all([
      server.inject({ method: 'POST', url: '/api/trades', payload: {} }),
      server.inject('/api/trades'),
      server.inject('/api/prices'),
    ]);
    expect(responses.map((response) => [response.statusCode, response.json<unknown>()])).toEqual([
      [503, { error: 'execution cannot be reached now.' }],
      [503, { error: 'blotter cannot be reached now.' }],
      [503, { error: 'pricing cannot be reached now.' }],
    ]);
    expect((await server.inject('/readyz')).statusCode).toBe(200);
  });

  it.each<[string, RequestListener]>([
    ['before its answer', (request) => request.socket.destroy()],
    [
      'within its answer',
      (request, response) => {
        response.writeHead(200, { 'content-length': 10 }).write('{"trad');
        setImmediate(() => request.socket.destroy());
      },
    ],
  ])('is 502 when it breaks off %s', async (_, blotter) => {
    const server = await web({ blotter });
    const response = await server.inject('/api/trades');
    expect([response.statusCode, response.json()]).toEqual([
      502,
      { error: 'The connection to blotter broke before it had answered.' },
    ]);
  });

  it('is 504 when it is too slow', async () => {
    const server = await web({ pricing: () => undefined });
    const response = await server.inject('/api/prices');
    expect([response.statusCode, response.json()]).toEqual([
      504,
      { error: 'pricing did not answer within 3 s.' },
    ]);
  });
});

describe('headers', () => {
  it.each(['/', '/healthz', '/nothing', '/api/prices'])('lets %s use nothing from elsewhere', async (url) => {
    const response = await (await web({})).inject(url);
    expect(response.headers['content-security-policy']).toContain("default-src 'none'");
    expect(response.headers['content-security-policy']).not.toContain('unsafe');
    expect(response.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
  });

  it('lets nobody keep that something is missing', async () => {
    const response = await (await web({})).inject('/assets/of-another-version.js?v=1');
    expect([response.statusCode, response.headers['cache-control'], response.json()]).toEqual([
      404,
      'no-store',
      { error: 'There is no GET /assets/of-another-version.js.' },
    ]);
  });
});

it('is alive and ready whatever the other services do', async () => {
  const server = await web({});
  expect((await server.inject('/healthz')).json()).toEqual({ status: 'alive' });
  expect((await server.inject('/readyz')).json()).toEqual({ status: 'ready' });
});

it('finishes what runs when it is told to end, then closes the connection', async () => {
  let arrived = () => {};
  let answer = () => {};
  const waiting = new Promise<void>((resolve) => (arrived = resolve));
  const held = new Promise<void>((resolve) => (answer = resolve));
  const server = await web({
    execution: async (request, response) => {
      await once(request.resume(), 'end');
      arrived();
      await held;
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":"7"}');
    },
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const response = fetch(`${url}/api/trades`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: order,
  });
  await waiting;
  const closed = server.close();
  answer();
  const { status, headers } = await response;
  expect([status, headers.get('connection')]).toEqual([201, 'close']);
  await closed;
  await expect(fetch(url)).rejects.toThrow();
});

it('answers a request whose connection was open before the draining began', async () => {
  const server = await web({});
  const { port } = new URL(await server.listen({ host: '127.0.0.1', port: 0 }));
  const opened = once(server.server, 'connection');
  const client = connect(Number(port), '127.0.0.1');
  client.write('GET /healthz HTTP/1.1\r\n');
  const [connection] = (await opened) as [Socket];
  await once(connection, 'data');
  const closed = server.close();
  await new Promise((resolve) => setImmediate(resolve));
  client.write('host: web\r\n\r\n');
  const parts: Buffer[] = [];
  for await (const part of client) parts.push(part as Buffer);
  const answer = Buffer.concat(parts).toString();
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(answer).toMatch(/\r\nconnection: close\r\n/i);
  await closed;
});

describe('the configuration', () => {
  const env = {
    PRICING_URL: 'http://pricing',
    EXECUTION_URL: 'http://execution',
    BLOTTER_URL: 'http://blotter',
  };

  it('has the services that it needs, and defaults for the rest', () => {
    const { pricingUrl, executionUrl, blotterUrl, ...rest } = readConfig(env);
    expect([pricingUrl, executionUrl, blotterUrl].map(({ host }) => host)).toEqual([
      'pricing',
      'execution',
      'blotter',
    ]);
    expect(rest).toEqual({ port: 8080, logLevel: 'info' });
  });

  it.each([
    [{ PRICING_URL: undefined }, 'PRICING_URL'],
    [{ EXECUTION_URL: 'execution' }, 'EXECUTION_URL'],
    [{ BLOTTER_URL: 'tcp://blotter' }, 'BLOTTER_URL'],
    [{ PORT: '0' }, 'PORT'],
  ])('%j is refused by the name of the variable', (wrong, name) => {
    expect(() => readConfig({ ...env, ...wrong })).toThrow(name);
  });
});
