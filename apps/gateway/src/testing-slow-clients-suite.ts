/* Only tests use this: clients that hold connections and give nothing, or little, for them. */
import { once } from 'node:events';
import http2 from 'node:http2';
import net from 'node:net';
import tls from 'node:tls';
import {
  END_STREAM,
  frame,
  HEADERS,
  PREFACE,
  RST_STREAM,
  SETTINGS,
} from '@berth/kube/src/testing-http2-frames';
import { routeTo } from './testing-endpoint';
import type { TestGateway } from './testing-gateway';
import { answering, RawEndpoint } from './testing-raw-endpoint';
import { fieldsFor, headerBlock } from './testing-raw-http2';
import { clientHello } from './testing-raw-tls';
import { ask } from './testing-request';
import { until } from './testing-until';

/** client_header_timeout in nginx.conf, in milliseconds. */
const HEADER_MS = 10_000;
/** MOST in module/limit.c. */
const REQUESTS_OF_A_HOST = 2048;

/** The header of the frame that ends the first request of a connection over HTTP/2. */
const RESET = frame(RST_STREAM, 0, 1, Buffer.alloc(4)).subarray(0, 9);

/** When the gateway has ended requests of which bytes drip, or no more come. Begun early: it takes its time. */
export class DrippingClients {
  readonly ended = new Map<string, number>();
  readonly #sockets: net.Socket[] = [];
  readonly #timers: NodeJS.Timeout[] = [];

  get all(): number {
    return this.#sockets.length;
  }

  constructor(port: number, tlsPort: number) {
    const begun = performance.now();
    const hold = (
      name: string,
      socket: net.Socket,
      first: Buffer | string,
      drip: Buffer | string = '',
    ): void => {
      // Begun when the connection stands: what is written before would come before the first bytes.
      socket.once(socket instanceof tls.TLSSocket ? 'secureConnect' : 'connect', () => {
        socket.write(first);
        if (drip.length) this.#timers.push(setInterval(() => socket.writable && socket.write(drip), 500));
      });
      this.#sockets.push(socket);
      socket.on('error', () => undefined);
      const ended = (): void => void this.ended.set(name, performance.now() - begun);
      socket.on('close', ended);
      socket.on('data', (bytes: Buffer) => bytes.includes(RESET) && ended());
    };
    const start = (name: string, first: Buffer | string, drip?: Buffer | string): void =>
      hold(name, net.connect(port, '127.0.0.1'), first, drip);
    start('nothing', '');
    start('half a request line', 'GET /slo', 'o');
    start('headers without end', `GET / HTTP/1.1\r\nHost: slow.localhost\r\n`, 'X: y\r\n');
    start('half a preface', PREFACE.subarray(0, 10));
    const open = Buffer.concat([PREFACE, frame(SETTINGS, 0, 0)]);
    const unfinished = frame(HEADERS, END_STREAM, 1, headerBlock(fieldsFor('slow.localhost')));
    start('HTTP/2 headers without end', Buffer.concat([open, unfinished]));
    start('half an HTTP/2 frame', Buffer.concat([open, unfinished.subarray(0, 12)]));

    const overTls = (name: string, first: Buffer | string, drip?: Buffer | string): void =>
      hold(name, net.connect(tlsPort, '127.0.0.1'), first, drip);
    const hello = clientHello();
    overTls('no handshake', '');
    overTls('half a handshake', hello);
    overTls('a handshake that drips', hello.subarray(0, 40), Buffer.of(0));
    const after = (
      name: string,
      first: Buffer | string,
      drip?: Buffer | string,
      ALPNProtocols = ['http/1.1'],
    ): void =>
      hold(
        name,
        tls.connect({ host: '127.0.0.1', port: tlsPort, rejectUnauthorized: false, ALPNProtocols }),
        first,
        drip,
      );
    after('a handshake, then nothing', '');
    after('a handshake, then headers without end', `GET / HTTP/1.1\r\nHost: slow.localhost\r\n`, 'X: y\r\n');
    after('a handshake, then half a preface', PREFACE.subarray(0, 10), undefined, ['h2']);
  }

  end(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const socket of this.#sockets) socket.destroy();
  }
}

export function slowClientsSuite(gateway: () => TestGateway, dripping: () => DrippingClients): void {
  it('ends requests whose headers have not come whole in 10 seconds', async () => {
    await until(() => dripping().ended.size === dripping().all, Boolean, HEADER_MS + 5000);
    for (const [name, milliseconds] of dripping().ended)
      expect([name, milliseconds > HEADER_MS / 2, milliseconds < HEADER_MS * 2]).toEqual([name, true, true]);
  });

  it(`serves at most ${REQUESTS_OF_A_HOST} requests of a host at a time, so that others find place`, async () => {
    const HOST = 'held.localhost';
    const endpoint = await RawEndpoint.start(gateway().hostAddress, answering(''));
    await gateway().change({ [HOST]: routeTo([endpoint.address]) });
    const sessions: http2.ClientHttp2Session[] = [];
    let refused = 0;
    const PER_CONNECTION = 128;
    // 40 more than there is place for.
    for (let held = 0; held < REQUESTS_OF_A_HOST + 40; held += PER_CONNECTION) {
      const session = http2.connect(`http://127.0.0.1:${gateway().httpPort}`);
      sessions.push(session);
      await once(session, 'remoteSettings');
      const count = Math.min(PER_CONNECTION, REQUESTS_OF_A_HOST + 40 - held);
      for (let index = 0; index < count; index++) {
        const stream = session.request({ ':method': 'POST', ':path': '/', ':authority': HOST });
        stream.on('response', (headers) => (refused += headers[':status'] === 503 ? 1 : 0));
        stream.on('error', () => undefined);
        // A body of which nothing comes any more.
        stream.write('x');
      }
    }
    await until(() => refused + endpoint.openConnections === REQUESTS_OF_A_HOST + 40, Boolean, 15_000);
    expect([refused, endpoint.openConnections]).toEqual([40, REQUESTS_OF_A_HOST]);
    expect((await ask(gateway().httpPort, HOST)).status).toBe(503);
    for (const session of sessions) session.destroy();
    await until(() => endpoint.openConnections === 0, Boolean, 10_000);
    await endpoint.close();
  });

  it('goes on when a client opens and resets requests without end', async () => {
    const HOST = 'reset.localhost';
    const endpoint = await RawEndpoint.start(gateway().hostAddress, answering(''));
    await gateway().change({ [HOST]: routeTo([endpoint.address]) });
    const session = http2.connect(`http://127.0.0.1:${gateway().httpPort}`);
    session.on('error', () => undefined);
    await once(session, 'remoteSettings');
    let opened = 0;
    while (!session.closed && !session.destroyed && opened < 3000) {
      for (let index = 0; index < 100 && !session.closed; index++, opened++) {
        const stream = session.request({ ':path': '/', ':authority': HOST });
        stream.on('error', () => undefined);
        stream.close(http2.constants.NGHTTP2_CANCEL);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => session.closed || session.destroyed, Boolean, 10_000);
    session.destroy();
    await until(() => endpoint.openConnections === 0, Boolean, 10_000);
    await endpoint.close();
  });
}
