import { once } from 'node:events';
import http2 from 'node:http2';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';

/** How a connection ended that was held through the gateway. */
export interface End {
  what: 'websocket' | 'events' | 'gRPC';
  /** Milliseconds since 1970. */
  at: number;
  /** When the last piece had come. */
  lastPiece: number;
  how: string;
}

/** Milliseconds until the first piece has to have come. */
const PATIENCE_MS = 10_000;

/** Connections through the gateway that are held until it ends them. Something comes over each of them all the time. */
export class HeldConnections {
  readonly ends: End[] = [];
  readonly #sockets: net.Socket[] = [];

  constructor(private readonly port: number) {}

  /** Of how many the end has not come. */
  get open(): number {
    return this.#sockets.length - this.ends.length;
  }

  async websocket(host: string, path: string): Promise<void> {
    const socket = this.#connect();
    const websocket = new WebSocket(`ws://${host}${path}`, { createConnection: () => socket });
    websocket.on('error', () => undefined);
    this.#hold('websocket', socket, socket, (received) =>
      isWholeFrames(received) ? 'closed between two frames' : 'cut in a frame',
    );
    await once(websocket, 'message', { signal: AbortSignal.timeout(PATIENCE_MS) });
  }

  /** Server-sent events. */
  async events(host: string, path: string): Promise<void> {
    const socket = this.#connect();
    // Chunks, and none that would be the last: the client sees that there is more.
    const whole = /^HTTP\/1\.1 200 .*?\r\n\r\n(b\r\ndata: now\n\n\r\n)+$/s;
    this.#hold('events', socket, socket, (received) =>
      whole.test(received.toString()) ? 'closed between two events' : 'cut in an event',
    );
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    await once(socket, 'data', { signal: AbortSignal.timeout(PATIENCE_MS) });
  }

  /** A call of gRPC whose answer is a stream. */
  async grpc(host: string): Promise<void> {
    const socket = this.#connect();
    const session = http2.connect(`http://${host}`, { createConnection: () => socket });
    session.on('error', () => undefined);
    let goneAway = false;
    session.on('goaway', () => (goneAway = true));
    const stream = session.request({ ':method': 'POST', ':path': '/desk.Prices/Stream', te: 'trailers' });
    this.#hold('gRPC', socket, stream, () => (goneAway ? 'closed, as was said before' : 'closed'));
    await once(stream, 'data', { signal: AbortSignal.timeout(PATIENCE_MS) });
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #connect(): net.Socket {
    const socket = net.connect(this.port, '127.0.0.1');
    this.#sockets.push(socket);
    return socket;
  }

  /** @param stream what comes over the socket, or the whole of it */
  #hold(what: End['what'], socket: net.Socket, stream: Duplex, how: (received: Buffer) => string): void {
    const pieces: Buffer[] = [];
    let lastPiece = 0;
    let error: string | undefined;
    stream.on('data', (piece: Buffer) => {
      pieces.push(piece);
      lastPiece = Date.now();
    });
    stream.on('error', ({ code, message }: NodeJS.ErrnoException) => (error = code ?? message));
    socket.on('close', () =>
      this.ends.push({ what, at: Date.now(), lastPiece, how: error ?? how(Buffer.concat(pieces)) }),
    );
  }
}

/** Whether these bytes are an answer to a handshake and then whole frames of a server (RFC 6455, 5.2). */
function isWholeFrames(received: Buffer): boolean {
  let rest = received.subarray(received.indexOf('\r\n\r\n') + 4);
  // A ping without data has two bytes.
  while (rest.length >= 2) {
    const length = rest[1]! & 0x7f;
    if (length >= 126 && rest.length < 4) return false;
    // No price list is 64 kB long.
    const end = length < 126 ? 2 + length : 4 + rest.readUInt16BE(2);
    if (end > rest.length) return false;
    rest = rest.subarray(end);
  }
  return rest.length === 0;
}
