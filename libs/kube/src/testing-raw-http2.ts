/* Only tests use this. */
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { Secure } from './testing-api-server';
import {
  DATA,
  END_HEADERS,
  END_STREAM,
  frame,
  FrameReader,
  GOAWAY,
  HEADERS,
  PREFACE,
  RST_STREAM,
  SETTINGS,
} from './testing-http2-frames';

/** What a server does to a request: frames (RFC 9113, 4.1), and the end of the connection. */
export interface RawAnswer {
  /** `:status: 200`, and nothing else. */
  head(): void;
  data(text: string, options?: { last: boolean }): void;
  /** @param code of RFC 9113, 7 */
  reset(code: number): void;
  /** No stream after the last one is taken up. */
  goAway(lastStream: number): void;
  socket: TLSSocket;
}

/** `:status: 200` in HPACK's static table (RFC 7541, appendix A). */
const STATUS_200 = Buffer.of(0x88);

/** A server of HTTP/2 that says what no well-kept one does. */
export class RawHttp2Server {
  asked = 0;
  private readonly server: Server;
  private readonly sockets = new Set<TLSSocket>();

  constructor(secure: Secure, answer: (answer: RawAnswer) => void) {
    this.server = createServer({ ...secure, ALPNProtocols: ['h2'] }, (socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      const send = (...parts: Parameters<typeof frame>) => socket.write(frame(...parts));
      send(SETTINGS, 0, 0);
      const reader = new FrameReader(PREFACE.length);
      socket.on('data', (bytes) => {
        for (const { type, stream } of reader.take(bytes)) {
          if (type !== HEADERS) continue;
          this.asked++;
          answer({
            head: () => send(HEADERS, END_HEADERS, stream, STATUS_200),
            data: (text, { last } = { last: false }) => send(DATA, last ? END_STREAM : 0, stream, text),
            reset: (code) => send(RST_STREAM, 0, stream, numbers(code)),
            goAway: (lastStream) => send(GOAWAY, 0, 0, numbers(lastStream, 0)),
            socket,
          });
        }
      });
    });
  }

  /** @returns its address */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
  return bytes;
}
