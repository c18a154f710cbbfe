/* Only tests use this: websockets (RFC 6455) through the gateway, with two clients that know nothing of each other. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { Agent, WebSocket as OtherWebSocket } from 'undici';
import { WebSocket, WebSocketServer } from 'ws';
import { routeTo, TestEndpoint } from './testing-endpoint';
import type { TestGateway } from './testing-gateway';
import { RawEndpoint } from './testing-raw-endpoint';
import { exchangeHttp2, fieldsFor, type Field } from './testing-raw-http2';
import { until } from './testing-until';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';
const SIZE = 16 * 1024 * 1024;

/** A frame as a client sends it, masked with zeros. */
function clientFrame(opcode: number, payload: Buffer | string, { fin = true, rsv = 0 } = {}): Buffer {
  const bytes = Buffer.from(payload);
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const length =
    bytes.length < 126 ? Buffer.of(0x80 | bytes.length) : Buffer.of(0xfe, bytes.length >> 8, bytes.length);
  return Buffer.concat([Buffer.of(first), length, Buffer.alloc(4), bytes]);
}

function handshake(
  host: string,
  { lines = [] as string[], method = 'GET', version = 'HTTP/1.1' } = {},
): string {
  return [`${method} /socket?x=1 ${version}`, `Host: ${host}`, ...lines, '', ''].join('\r\n');
}
const UPGRADE = ['Upgrade: websocket', 'Connection: Upgrade'];
const SECRET = [`Sec-WebSocket-Key: ${KEY}`, 'Sec-WebSocket-Version: 13'];

/** Sends back what it gets. */
function echoServer({ server }: TestEndpoint, perMessageDeflate = false): WebSocketServer {
  const handleProtocols = (offered: Set<string>) => (offered.has('prices.v2') ? 'prices.v2' : false);
  const sockets = new WebSocketServer({ server, perMessageDeflate, handleProtocols });
  sockets.on('connection', (socket) =>
    socket.on('message', (data, binary) => socket.send(data, { binary })).on('error', () => undefined),
  );
  return sockets;
}

export function websocketsSuite(gateway: () => TestGateway): void {
  const ECHO = 'echo.localhost';
  const RAW = 'raw-socket.localhost';
  let endpoint: TestEndpoint;
  let server: WebSocketServer;
  let raw: RawEndpoint;
  const closers: (() => unknown)[] = [];

  beforeAll(async () => {
    endpoint = await TestEndpoint.start(gateway().hostAddress);
    server = echoServer(endpoint);
    raw = await RawEndpoint.start(gateway().hostAddress, echoAfterHandshake());
    await gateway().change({ [ECHO]: routeTo([endpoint.address]), [RAW]: routeTo([raw.address]) });
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    for (const socket of server.clients) socket.terminate();
    await until(() => server.clients.size === 0);
  });
  afterAll(async () => {
    await endpoint.close();
    await raw.close();
  });

  /** Accepts every handshake, and sends back each byte after it as it is. */
  function echoAfterHandshake(): (socket: net.Socket, received: () => string) => void {
    const echoed = new WeakMap<net.Socket, number>();
    return (socket, received) => {
      const bytes = received();
      const head = bytes.indexOf('\r\n\r\n') + 4;
      if (head === 3) return;
      if (!echoed.has(socket)) {
        const lines = [...UPGRADE, `Sec-WebSocket-Accept: ${ACCEPT}`];
        socket.write(['HTTP/1.1 101 Switching Protocols', ...lines, '', ''].join('\r\n'));
      }
      const from = echoed.get(socket) ?? head;
      socket.write(bytes.slice(from), 'latin1');
      echoed.set(socket, bytes.length);
    };
  }

  /** A connection over which these bytes have gone; what has come back is in `received`. */
  async function connect(bytes: string | Buffer): Promise<{ socket: net.Socket; received: () => Buffer }> {
    const socket = net.connect({ port: gateway().httpPort, host: '127.0.0.1', allowHalfOpen: true });
    closers.push(() => socket.destroy());
    const pieces: Buffer[] = [];
    socket.on('data', (piece: Buffer) => pieces.push(piece));
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(bytes);
    return { socket, received: () => Buffer.concat(pieces) };
  }

  async function openRaw(): Promise<{ socket: net.Socket; tunnelled: () => Buffer }> {
    const { socket, received } = await connect(handshake(RAW, { lines: [...UPGRADE, ...SECRET] }));
    const head = await until(
      () => received().indexOf('\r\n\r\n') + 4,
      (found) => found > 3,
    );
    expect(received().toString('latin1', 0, head)).toMatch(/^HTTP\/1\.1 101 /);
    return { socket, tunnelled: () => received().subarray(head) };
  }

  async function client(protocols: string[] = [], host = ECHO): Promise<WebSocket> {
    const url = `ws://127.0.0.1:${gateway().httpPort}/socket`;
    const socket = new WebSocket(url, protocols, { headers: { host } });
    closers.push(() => socket.terminate());
    socket.on('error', () => undefined);
    await once(socket, 'open');
    return socket;
  }

  async function otherClient(protocols: string[] = [], host = ECHO): Promise<OtherWebSocket> {
    const dispatcher = new Agent({
      connect: { lookup: (_, __, found) => found(null, [{ address: '127.0.0.1', family: 4 }]) },
    });
    const socket = new OtherWebSocket(`ws://${host}:${gateway().httpPort}/socket`, { protocols, dispatcher });
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('error', () => undefined);
    closers.push(() => dispatcher.destroy());
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('close', ({ code }) => reject(new Error(`closed with ${code}`)));
    });
    return socket;
  }

  async function accepted(): Promise<WebSocket> {
    return (await until(() => [...server.clients][0])) as WebSocket;
  }

  describe('shakes hands', () => {
    const ask = async (host: string, options: Parameters<typeof handshake>[1]) => {
      const { received } = await connect(handshake(host, options));
      return until(
        () => received().toString('latin1'),
        (text) => text.includes('\r\n\r\n'),
      );
    };

    it.each([
      [['Upgrade: WebSocket', 'Connection: Upgrade']],
      [['upgrade: WEBSOCKET', 'connection: UPGRADE']],
      [['Connection: keep-alive, Upgrade', 'Upgrade: websocket']],
      [['Connection: Upgrade , keep-alive', 'Upgrade: websocket']],
      [['Connection: keep-alive', 'Connection: Upgrade', 'Upgrade: websocket']],
    ])('with %j', async (upgrade) => {
      const answer = await ask(ECHO, { lines: [...upgrade, ...SECRET] });
      expect(answer).toMatch(/^HTTP\/1\.1 101 /);
      expect(answer).toContain(`Sec-WebSocket-Accept: ${ACCEPT}`);
    });

    it.each<[string, Parameters<typeof handshake>[1]]>([
      ['a version that is too old', { lines: [...UPGRADE, SECRET[0]!, 'Sec-WebSocket-Version: 7'] }],
      ['no version', { lines: [...UPGRADE, SECRET[0]!] }],
      ['no key', { lines: [...UPGRADE, SECRET[1]!] }],
      ['a key that is none', { lines: [...UPGRADE, 'Sec-WebSocket-Key: short', SECRET[1]!] }],
      ['another method', { method: 'POST', lines: [...UPGRADE, ...SECRET, 'Content-Length: 0'] }],
    ])(
      "not with %s: the endpoint's refusal is handed on, and no tunnel stays open behind it",
      async (_, options) => {
        const bytes = handshake(ECHO, options) + handshake('nobody.localhost');
        const { received } = await connect(bytes);
        const text = await until(
          () => received().toString('latin1'),
          (found) => /^HTTP\/1\.1 40[05] [^]*$/.test(found),
        );
        expect(text).not.toContain(' 101 ');
        if (/Connection: close/i.test(text)) return;
        // The second request is one, and goes to the gateway's own rules.
        await until(
          () => received().toString('latin1'),
          (found) => found.includes('HTTP/1.1 404 '),
        );
      },
    );

    it.each<[string, Parameters<typeof handshake>[1]]>([
      ['Connection says nothing of it', { lines: ['Upgrade: websocket', ...SECRET] }],
      ['Connection has another word', { lines: ['Upgrade: websocket', 'Connection: upgraded', ...SECRET] }],
      ['Upgrade has another word', { lines: ['Upgrade: websocket2', 'Connection: Upgrade', ...SECRET] }],
      ['the request is of HTTP/1.0', { version: 'HTTP/1.0', lines: [...UPGRADE, ...SECRET] }],
    ])('not when %s', async (_, options) => {
      const answer = await ask(ECHO, options);
      expect(answer).toMatch(/^HTTP\/1\.[01] 200 /);
      expect(answer).not.toMatch(/"(upgrade|connection)":/);
    });

    it('not over HTTP/2, which has no Upgrade, not even with an endpoint that changes all the same', async () => {
      const fields = (host: string): Field[] => [
        ...fieldsFor(host, { ':method': 'GET' }),
        ['upgrade', 'websocket'],
        ['connection', 'upgrade'],
        ['sec-websocket-key', KEY],
        ['sec-websocket-version', '13'],
      ];
      expect(await exchangeHttp2(gateway().httpPort, fields(ECHO))).toBe(200);
      expect(await exchangeHttp2(gateway().httpPort, fields(RAW))).toBe(502);
    });

    it('to no other protocol, not even with an endpoint that changes all the same', async () => {
      for (const lines of [['Upgrade: tunnel', 'Connection: Upgrade'], ['Upgrade: websocket'], []]) {
        const answer = await ask(RAW, { lines });
        expect([lines, answer.slice(0, 12)]).toEqual([lines, 'HTTP/1.1 502']);
      }
    });

    it('and hands on what both sides say of protocols and extensions', async () => {
      const compressing = await TestEndpoint.start(gateway().hostAddress);
      const sockets = echoServer(compressing, true);
      closers.push(() => compressing.close());
      closers.push(() => sockets.clients.forEach((socket) => socket.terminate()));
      const host = 'compressing.localhost';
      await gateway().change({ [host]: routeTo([compressing.address]) });
      const socket = await client(['prices.v1', 'prices.v2'], host);
      expect([socket.protocol, socket.extensions]).toEqual(['prices.v2', 'permessage-deflate']);
      const text = 'price '.repeat(10_000);
      socket.send(text);
      expect(String((await once(socket, 'message'))[0])).toBe(text);
      const other = await otherClient(['prices.v2'], host);
      expect([other.protocol, other.extensions]).toEqual(['prices.v2', 'permessage-deflate']);
      other.send(text);
      expect((await nextMessage(other)).toString()).toBe(text);
      const plain = await client();
      expect([plain.protocol, plain.extensions]).toEqual(['', '']);
    });
  });

  describe('passes byte for byte', () => {
    it('frames and what is none, in pieces of every size', async () => {
      const { socket, tunnelled } = await openRaw();
      const frames = [
        // Fragments of a message with control frames between them, and between those of the next.
        clientFrame(0x1, 'frag', { fin: false }),
        clientFrame(0x9, 'ping'),
        clientFrame(0x0, 'ment', { fin: false }),
        clientFrame(0xa, 'pong'),
        clientFrame(0x0, 'ed'),
        clientFrame(0x2, randomBytes(126)),
        clientFrame(0x2, randomBytes(65_535), { fin: false, rsv: 4 }),
        clientFrame(0x9, randomBytes(125)),
        clientFrame(0x0, ''),
        // Opcodes and bits that nothing uses yet, and bytes that are no frames.
        clientFrame(0x3, 'reserved', { rsv: 7 }),
        clientFrame(0xf, 'reserved'),
        ...[1000, 1004, 1005, 1006, 1015, 0, 999, 2999, 5000, 65_535].map((code) =>
          clientFrame(0x8, Buffer.of(code >> 8, code)),
        ),
        randomBytes(300_000),
      ];
      const bytes = Buffer.concat(frames);
      for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 3) % 40_009)
        socket.write(bytes.subarray(at, at + size));
      await until(() => tunnelled().length >= bytes.length);
      expect(tunnelled().equals(bytes)).toBe(true);
    });

    it('frames that come with the handshake, and with its answer', async () => {
      const early = clientFrame(0x1, 'early');
      const { received } = await connect(
        Buffer.concat([Buffer.from(handshake(RAW, { lines: [...UPGRADE, ...SECRET] })), early]),
      );
      await until(() => received().includes(early));
      const { socket, tunnelled } = await openRaw();
      socket.write(early);
      await until(() => tunnelled().equals(early));
    });

    it.each(['one client', 'the other client'])('messages of 16 MB, with %s', async (which) => {
      const data = randomBytes(SIZE);
      let back: Buffer;
      if (which === 'one client') {
        const socket = await client();
        socket.send(data);
        [back] = (await once(socket, 'message')) as [Buffer];
      } else {
        const socket = await otherClient();
        const message = nextMessage(socket);
        socket.send(data);
        back = await message;
      }
      expect([back.length, digest(back)]).toEqual([SIZE, digest(data)]);
    });

    it('a message in fragments, with pings between them that are answered', async () => {
      const socket = await client();
      const pongs: string[] = [];
      socket.on('pong', (data: Buffer) => pongs.push(data.toString()));
      const message = once(socket, 'message');
      socket.send('one ', { fin: false });
      socket.ping('first');
      socket.send('two ', { fin: false });
      socket.ping('second');
      socket.send('three', { fin: true });
      expect(String((await message)[0])).toBe('one two three');
      await until(() => pongs.length === 2);
      expect(pongs).toEqual(['first', 'second']);
    });

    it.each(['one client', 'the other client'])('pings of the endpoint, which %s answers', async (which) => {
      await (which === 'one client' ? client() : otherClient());
      const socket = await accepted();
      socket.ping('are you there');
      expect(String((await once(socket, 'pong'))[0])).toBe('are you there');
    });
  });

  describe('closes', () => {
    const CODES = [
      1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
    ];
    const closed = (socket: WebSocket) =>
      once(socket, 'close').then(([code, reason]) => [code as number, String(reason)]);
    const otherClosed = (socket: OtherWebSocket) =>
      new Promise<[number, string]>((resolve) =>
        socket.addEventListener('close', ({ code, reason }) => resolve([code, reason])),
      );

    it('with the code and reason of the client', async () => {
      for (const code of CODES) {
        const socket = await client();
        const seen = closed(await accepted());
        socket.close(code, `because ${code}`);
        expect(await seen).toEqual([code, `because ${code}`]);
        await until(() => server.clients.size === 0);
      }
      for (const code of [1000, 3000, 4999]) {
        const socket = await otherClient();
        const seen = closed(await accepted());
        socket.close(code, 'grüße');
        expect(await seen).toEqual([code, 'grüße']);
        await until(() => server.clients.size === 0);
      }
    });

    it('with the code and reason of the endpoint', async () => {
      for (const code of CODES) {
        const socket = await client();
        const seen = closed(socket);
        (await accepted()).close(code, `because ${code}`);
        expect(await seen).toEqual([code, `because ${code}`]);
        await until(() => server.clients.size === 0);
        const other = await otherClient();
        const otherSeen = otherClosed(other);
        (await accepted()).close(code, 'grüße');
        expect(await otherSeen).toEqual([code, 'grüße']);
        await until(() => server.clients.size === 0);
      }
    });

    it('without a code, which both sides read as 1005', async () => {
      const socket = await client();
      const seen = Promise.all([closed(socket), closed(await accepted())]);
      socket.close();
      expect(await seen).toEqual([
        [1005, ''],
        [1005, ''],
      ]);
    });

    it('when the endpoint dies, and when the client does: the other side reads 1006 at once', async () => {
      const socket = await client();
      const other = await otherClient();
      const seen = Promise.all([closed(socket), otherClosed(other)]);
      await until(() => server.clients.size === 2);
      for (const one of server.clients) one.terminate();
      expect((await seen).map(([code]) => code)).toEqual([1006, 1006]);
      const dying = await client();
      const noticed = closed(await accepted());
      dying.terminate();
      expect((await noticed)[0]).toBe(1006);
    });

    it('as a whole when one side has ended its half, and not before what it sent has arrived', async () => {
      const { socket, tunnelled } = await openRaw();
      const connections = raw.openConnections;
      socket.end('the last words');
      await until(() => raw.openConnections === connections - 1);
      expect(raw.received.at(-1)).toMatch(/the last words$/);
      expect(tunnelled().toString()).toMatch(/^(the last words)?$/);
      await until(() => socket.readableEnded);
    });
  });
}

function nextMessage(socket: OtherWebSocket): Promise<Buffer> {
  return new Promise((resolve) =>
    socket.addEventListener('message', ({ data }) => resolve(Buffer.from(data as string)), { once: true }),
  );
}

function digest(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
