/* Only tests use this. */
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { Secure } from './testing-api-server';

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

const PREFACE = 24;
const HEAD = 9;
const [DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY] = [0, 1, 3, 4, 7];
const [END_STREAM, END_HEADERS] = [1, 4];
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
      const send = (type: number, flags: number, stream: number, payload: Buffer) =>
        socket.write(Buffer.concat([headOf(payload.length, type, flags, stream), payload]));
      send(SETTINGS, 0, 0, Buffer.alloc(0));
      let rest = Buffer.alloc(0);
      let skipped = 0;
      socket.on('data', (bytes) => {
        rest = Buffer.concat([rest, bytes]);
        if (skipped === 0 && rest.length >= PREFACE) rest = rest.subarray((skipped = PREFACE));
        while (skipped > 0 && rest.length >= HEAD && rest.length >= HEAD + rest.readUIntBE(0, 3)) {
          const [type, stream] = [rest[3], rest.readUInt32BE(5)];
          rest = rest.subarray(HEAD + rest.readUIntBE(0, 3));
          if (type !== HEADERS) continue;
          this.asked++;
          answer({
            head: () => send(HEADERS, END_HEADERS, stream, STATUS_200),
            data: (text, { last } = { last: false }) =>
              send(DATA, last ? END_STREAM : 0, stream, Buffer.from(text)),
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

function headOf(length: number, type: number, flags: number, stream: number): Buffer {
  const head = Buffer.alloc(HEAD);
  head.writeUIntBE(length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return head;
}

function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
  return bytes;
}
