import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { createServer } from './server';
import { closeServices, listen, nobody, nowhere } from './testing-services';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  await closeServices();
});

/** A stand-in for pricing, whose side of the next websocket is `accepted`. */
async function pricing() {
  const { url, server } = await listen(nobody);
  const sockets = new WebSocketServer({ server, path: '/prices', autoPong: false });
  closing.push(() => sockets.clients.forEach((client) => client.terminate()));
  const accepted = once(sockets, 'connection').then(([socket]) => socket as WebSocket);
  return { url, server, sockets, accepted };
}

async function web(pricingUrl: URL) {
  const away = await nowhere();
  const server = createServer([], { pricingUrl, executionUrl: away, blotterUrl: away });
  closing.push(() => server.close());
  const url = (await server.listen({ host: '127.0.0.1', port: 0 })).replace('http', 'ws');
  const open = (path = '/api/prices') => {
    const client = new WebSocket(url + path, { autoPong: false });
    client.on('error', () => undefined);
    closing.push(() => client.terminate());
    return client;
  };
  return { server, url, open };
}

async function connected() {
  const upstream = await pricing();
  const { server, open } = await web(upstream.url);
  const page = open();
  const [source] = await Promise.all([upstream.accepted, once(page, 'open')]);
  return { server, page, source };
}

const handshake =
  'GET /api/prices HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n' +
  'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

const closeOf = async (socket: WebSocket): Promise<[number, string]> => {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return [code, reason.toString()];
};

it('forwards what is said as soon as pricing is connected', async () => {
  const upstream = await pricing();
  upstream.sockets.on('connection', (socket) => socket.send('{"type":"snapshot"}'));
  const { open } = await web(upstream.url);
  const [data, binary] = (await once(open(), 'message')) as [Buffer, boolean];
  expect([data.toString(), binary]).toEqual(['{"type":"snapshot"}', false]);
});

it.each([
  ['text', Buffer.from('Größe ✓'), false],
  ['bytes', Buffer.from([0, 255, 128, 10, 13]), true],
  ['nothing', Buffer.alloc(0), true],
  ['much', Buffer.alloc(300_000, 'abcdefg'), false],
])('forwards %s both ways byte for byte', async (_, content, isBinary) => {
  const { page, source } = await connected();
  for (const [from, to] of [
    [page, source],
    [source, page],
  ] as const) {
    const arrived = once(to, 'message');
    from.send(content, { binary: isBinary });
    const [data, binary] = (await arrived) as [Buffer, boolean];
    expect(binary).toBe(isBinary);
    expect(Buffer.compare(data, content)).toBe(0);
  }
});

it('keeps the order of many messages', async () => {
  const { page, source } = await connected();
  const received: string[] = [];
  const sent = Array.from({ length: 500 }, (_, index) => String(index).padEnd(2000, '.'));
  const all = new Promise<void>((resolve) =>
    page.on('message', (data: Buffer) => {
      received.push(data.toString());
      if (received.length === sent.length) resolve();
    }),
  );
  for (const text of sent) source.send(text);
  await all;
  expect(received).toEqual(sent);
});

it('lets pricing and the page ask each other whether they are there', async () => {
  const { page, source } = await connected();
  for (const [from, to] of [
    [source, page],
    [page, source],
  ] as const) {
    const pinged = once(to, 'ping');
    from.ping('there?');
    expect(String((await pinged)[0])).toBe('there?');
    const ponged = once(from, 'pong');
    to.pong('here');
    expect(String((await ponged)[0])).toBe('here');
  }
});

it('hands a close on, with its code and reason', async () => {
  const { page, source } = await connected();
  const closed = closeOf(page);
  source.close(1001, 'draining');
  expect(await closed).toEqual([1001, 'draining']);

  const other = await connected();
  const left = closeOf(other.source);
  other.page.close();
  expect(await left).toEqual([1005, '']);
});

it('ends the one side when the other breaks', async () => {
  const { page, source } = await connected();
  const closed = closeOf(page);
  source.terminate();
  expect((await closed)[0]).toBe(1014);

  const other = await connected();
  const left = closeOf(other.source);
  other.page.terminate();
  expect((await left)[0]).toBe(1014);
});

/** Until the figure stays what it is for a while. */
async function untilSettled(figure: () => number): Promise<void> {
  for (let before = NaN; figure() !== before;) {
    before = figure();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

it('takes no more from pricing than a slow page reads', async () => {
  const { page, source } = await connected();
  page.pause();
  const message = 'x'.repeat(50_000);
  // Far more than the buffers of four sockets hold.
  const total = 2_000;
  for (let count = 0; count < total; count += 1) source.send(message);
  await untilSettled(() => source.bufferedAmount);
  expect(source.bufferedAmount).toBeGreaterThan((total * message.length) / 2);
  let received = 0;
  const all = new Promise<void>((resolve) =>
    page.on('message', () => {
      received += 1;
      if (received === total) resolve();
    }),
  );
  page.resume();
  await all;
  expect(source.bufferedAmount).toBe(0);
});

describe('without prices', () => {
  const refusal = async (client: WebSocket) => {
    const [, response] = (await once(client, 'unexpected-response')) as [unknown, NodeJS.ReadableStream];
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part as Buffer);
    return [(response as { statusCode?: number }).statusCode, Buffer.concat(parts).toString()];
  };

  it('is 503 when pricing cannot be reached', async () => {
    const { open } = await web(await nowhere());
    expect(await refusal(open())).toEqual([503, '{"error":"There are no prices now."}']);
  });

  it('is 503 when pricing refuses', async () => {
    const { url, server } = await listen(nobody);
    server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 404 Not Found\r\n\r\n'));
    const { open } = await web(url);
    expect((await refusal(open()))[0]).toBe(503);
  });

  it('has its websocket at one path only', async () => {
    const upstream = await pricing();
    const { open } = await web(upstream.url);
    expect((await refusal(open('/prices')))[0]).toBe(404);
    expect((await refusal(open('/api/trades')))[0]).toBe(404);
    expect(upstream.sockets.clients.size).toBe(0);
  });
});

it('leaves pricing alone when the page has gone before it answered', async () => {
  const { url, server } = await listen(nobody);
  const asked = once(server, 'upgrade');
  const { url: webUrl } = await web(url);
  const page = connect(Number(new URL(webUrl).port), '127.0.0.1');
  page.write(handshake);
  const [request, upstream, head] = (await asked) as [IncomingMessage, Socket, Buffer];
  page.destroy();
  await once(page, 'close');
  const sockets = new WebSocketServer({ noServer: true });
  await new Promise((resolve) =>
    sockets.handleUpgrade(request, upstream, head, (source) => source.once('close', resolve)),
  );
});

it('asks pricing for nothing but a websocket', async () => {
  const upstream = await pricing();
  const { url } = await web(upstream.url);
  const client = connect(Number(new URL(url).port), '127.0.0.1');
  client.write(handshake.replace('upgrade: websocket', 'upgrade: h2c'));
  const parts: Buffer[] = [];
  for await (const part of client) parts.push(part as Buffer);
  expect(Buffer.concat(parts).toString()).toMatch(/^HTTP\/1\.1 400 /);
});

describe('when the server drains', () => {
  it('sends pages to another replica', async () => {
    const { server, page, source } = await connected();
    const goodbyes = Promise.all([closeOf(page), closeOf(source)]);
    await server.close();
    expect(await goodbyes).toEqual([
      [1001, 'draining'],
      [1001, 'draining'],
    ]);
  });

  it('does not wait for a page that says nothing', async () => {
    const { server, page } = await connected();
    page.pause();
    const start = Date.now();
    await server.close();
    expect(Date.now() - start).toBeLessThan(4_000);
    page.resume();
  });

  it('refuses a page that waits for pricing', async () => {
    const { url, server: upstream } = await listen(nobody);
    const asked = once(upstream, 'upgrade');
    const { server, open } = await web(url);
    const page = open();
    const failed = once(page, 'error');
    await asked;
    await server.close();
    expect(String((await failed)[0])).toMatch(/503|socket hang up/);
  });
});
