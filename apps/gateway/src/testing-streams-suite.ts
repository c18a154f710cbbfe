/* Only tests use this: websockets, bodies that take their time, HTTP/2, and the end of nginx. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { routeTo, TestEndpoint } from './testing-endpoint';
import type { TestGateway } from './testing-gateway';
import { exchange } from './testing-request';

export function streamsSuite(gateway: () => TestGateway): void {
  const closers: (() => Promise<unknown> | void)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  const start = async (listener?: http.RequestListener): Promise<TestEndpoint> => {
    const endpoint = await TestEndpoint.start(gateway().hostAddress, listener);
    closers.push(() => endpoint.close());
    return endpoint;
  };

  /** A server of websockets that sends back what it gets. */
  async function startWebSockets(): Promise<TestEndpoint> {
    const endpoint = await start();
    const sockets = new WebSocketServer({ server: endpoint.server });
    sockets.on('connection', (socket) =>
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
    );
    closers.push(() => sockets.clients.forEach((socket) => socket.terminate()));
    return endpoint;
  }

  async function connect(host: string): Promise<WebSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${gateway().httpPort}/stream?x=1`, { headers: { host } });
    closers.push(() => socket.terminate());
    await once(socket, 'open');
    return socket;
  }

  async function echoed(socket: WebSocket, data: Buffer | string): Promise<Buffer> {
    const message = once(socket, 'message');
    socket.send(data);
    return ((await message) as [Buffer])[0];
  }

  it('passes websockets byte for byte, both ways', async () => {
    const { address } = await startWebSockets();
    await gateway().serve({ 'web.localhost': routeTo([address]) });
    const socket = await connect('web.localhost');
    for (const size of [0, 1, 125, 126, 65_535, 65_536, 5_000_000]) {
      const data = randomBytes(size);
      const back = await echoed(socket, data);
      expect([size, digest(back)]).toEqual([size, digest(data)]);
    }
    expect((await echoed(socket, 'grüße')).toString()).toBe('grüße');
  });

  it('keeps websockets through every change of the routes, even that of their own', async () => {
    const { address } = await startWebSockets();
    await gateway().serve({ 'web.localhost': routeTo([address]) });
    const sockets = await Promise.all(Array.from({ length: 20 }, () => connect('web.localhost')));
    for (let round = 0; round < 50; round++) {
      await gateway().change({ [`other-${round}.localhost`]: routeTo([address]) });
    }
    await gateway().change({}, ['web.localhost']);
    for (const socket of sockets) expect((await echoed(socket, 'still')).toString()).toBe('still');
  });

  it('ends a silent websocket after the time that its route says, and no other', async () => {
    const { address } = await startWebSockets();
    await gateway().serve({
      'web.localhost': routeTo([address]),
      'short.localhost': routeTo([address], { proxy: { readTimeout: 1 } }),
    });
    const [socket, short] = [await connect('web.localhost'), await connect('short.localhost')];
    await once(short, 'close');
    expect((await echoed(socket, 'after a silence')).toString()).toBe('after a silence');
  });

  it('changes to no other protocol than websockets', async () => {
    const { address } = await start();
    await gateway().serve({ 'web.localhost': routeTo([address]) });
    const text = await exchange(
      gateway().httpPort,
      'GET / HTTP/1.1\r\nHost: web.localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n' +
        'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n',
      (received) => received.endsWith('}'),
    );
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(text).not.toMatch(/"(upgrade|connection)"/);
  });

  it('passes on each piece of an answer before there is another', async () => {
    let send = (_piece: string): void => undefined;
    const { address } = await start((_, response) => {
      response.flushHeaders();
      send = (piece) => void response.write(piece);
    });
    await gateway().serve({ 'web.localhost': routeTo([address]) });
    const request = http.get({
      port: gateway().httpPort,
      host: '127.0.0.1',
      headers: { host: 'web.localhost' },
    });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    for (const piece of ['first', 'second', 'third']) {
      send(piece);
      expect(String((await once(response, 'data'))[0])).toBe(piece);
    }
    response.destroy();
  });

  it('passes on the first piece of a body before there is a second', async () => {
    const pieces: string[] = [];
    let arrived = (): void => undefined;
    const first = new Promise<void>((resolve) => (arrived = resolve));
    const { address } = await start((request, response) => {
      request.on('data', (piece: Buffer) => {
        pieces.push(piece.toString());
        arrived();
      });
      request.on('end', () => response.end('done'));
    });
    await gateway().serve({ 'web.localhost': routeTo([address]) });
    const request = http.request({
      port: gateway().httpPort,
      host: '127.0.0.1',
      method: 'POST',
      headers: { host: 'web.localhost' },
    });
    const answered = once(request, 'response');
    request.write('first');
    await first;
    expect(pieces).toEqual(['first']);
    request.end('second');
    const [response] = (await answered) as [http.IncomingMessage];
    response.resume();
    expect([response.statusCode, pieces.join(' ')]).toEqual([200, 'first second']);
  });

  it('speaks HTTP/2 with those who speak it, and hands on the trailers of gRPC', async () => {
    const server = http2.createServer();
    server.on('stream', (stream, headers) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '5' }));
      stream.on('data', (piece: Buffer) => stream.write(piece));
      stream.on('end', () => stream.end(JSON.stringify([headers[':path'], headers.te ?? ''])));
    });
    await new Promise<void>((resolve) => server.listen(0, gateway().hostAddress, resolve));
    closers.push(() => void server.close());
    const endpoint = `${gateway().hostAddress}:${(server.address() as AddressInfo).port}`;
    await gateway().serve({
      'grpc.localhost': routeTo([endpoint], { protocol: 'grpc' }),
      'h2c.localhost': routeTo([endpoint], { protocol: 'h2c' }),
    });
    const session = http2.connect(`http://127.0.0.1:${gateway().httpPort}`);
    closers.push(() => session.destroy());
    const stream = session.request({
      ':method': 'POST',
      ':path': '/desk.Prices/Stream',
      ':authority': 'grpc.localhost',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const trailers = once(stream, 'trailers');
    let body = '';
    stream.on('data', (piece: Buffer) => (body += piece.toString()));
    stream.write('ping ');
    await once(stream, 'data');
    expect(body).toBe('ping ');
    stream.end();
    expect((await trailers)[0]).toMatchObject({ 'grpc-status': '5' });
    expect(body).toBe('ping ["/desk.Prices/Stream","trailers"]');
    const text = await exchange(
      gateway().httpPort,
      'GET /over/http1 HTTP/1.1\r\nHost: h2c.localhost\r\n\r\n',
      (received) => received.includes('/over/http1'),
    );
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('ends at SIGQUIT when the requests that run have ended, and leaves no socket behind', async () => {
    let finish = (): void => undefined;
    const { address } = await start((_, response) => {
      response.write('first');
      finish = () => response.end('last');
    });
    await gateway().serve({ 'web.localhost': routeTo([address]) });
    const request = http.get({
      port: gateway().httpPort,
      host: '127.0.0.1',
      headers: { host: 'web.localhost' },
    });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    await once(response, 'data');
    const ended = gateway().exitCode();
    await gateway().signal('QUIT');
    setTimeout(finish, 500);
    expect(String((await once(response, 'data'))[0])).toBe('last');
    expect(await ended).toBe(0);
    expect(existsSync(gateway().socket)).toBe(false);
    await gateway().startAgain();
  });
}

function digest(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
