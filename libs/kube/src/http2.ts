import http2, { constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { isIP } from 'node:net';
import tls, { type ConnectionOptions, type SecureContext, type TLSSocket } from 'node:tls';
import { silence, type Answer, type Outgoing } from './exchange';

/** Requests that one connection carries at once; API servers take 250, and few proxies less. */
const STREAMS = 100;
/**
 * Bytes that may be on their way unread, of one answer and of all of a connection: one that nobody reads holds up no other.
 * Five megabytes a second of each over a round trip of 50 ms; and a hundred logs that wait to be read hold 25 MB.
 */
const STREAM_WINDOW = 1 << 18;
const WINDOW = STREAMS * STREAM_WINDOW;
/** Megabytes of bodies and headers that wait to be sent. Node's own 10 are few for a hundred objects at once. */
const SESSION_MEGABYTES = 1_000;

/** The code of a request that the server has certainly not taken up: it ends the connection, or has no room. */
export const REFUSED = 'NGHTTP2_REFUSED_STREAM';

/**
 * HTTP/2 to one server. Requests share a connection, since each costs both sides a handshake: some 8 ms of CPU
 * (docs/adr/0053-one-connection-to-the-api-server.md).
 */
export class Http2 {
  private readonly connections = new Set<SharedConnection>();
  private readonly dialling = new Set<TLSSocket>();
  private attempt: Promise<void> | undefined;
  private isSpoken = true;

  constructor(
    private readonly options: Pick<ConnectionOptions, 'servername' | 'rejectUnauthorized'>,
    private readonly secureContext: () => SecureContext,
    /** Milliseconds without a byte after which an attempt to connect is given up. */
    private readonly idleMs: number,
  ) {}

  /** @returns undefined, and has sent nothing, when the server speaks HTTP/1.1 only */
  async send(outgoing: Outgoing): Promise<Answer | undefined> {
    while (this.isSpoken) {
      for (const connection of this.connections) if (connection.hasRoom) return connection.send(outgoing);
      const attempt = (this.attempt ??= this.connect(outgoing.url));
      try {
        await inTime(attempt, outgoing);
      } finally {
        // Whoever comes after one that was too slow, or has failed, tries anew.
        if (this.attempt === attempt) this.attempt = undefined;
      }
    }
    return undefined;
  }

  close(): void {
    for (const connection of this.connections) connection.destroy();
    for (const socket of this.dialling) socket.destroy();
  }

  private async connect(url: URL): Promise<void> {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const socket = tls.connect({
      host,
      port: Number(url.port || 443),
      ...(isIP(host) ? {} : { servername: host }),
      ...this.options,
      secureContext: this.secureContext(),
      ALPNProtocols: ['h2', 'http/1.1'],
      timeout: this.idleMs,
    });
    this.dialling.add(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve).once('error', reject);
      socket.once('close', () => reject(closedBefore()));
      socket.once('timeout', () => socket.destroy(silence(this.idleMs)));
    }).finally(() => this.dialling.delete(socket));
    this.isSpoken = socket.alpnProtocol === 'h2';
    if (!this.isSpoken) {
      socket.destroy();
      return;
    }
    socket.removeAllListeners('timeout').setTimeout(0);
    // What is lost meanwhile, a sleeping machine's or a gateway's, is noticed when nothing is sent, too.
    socket.setKeepAlive(true, 30_000);
    const session = http2.connect(url.origin, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: STREAM_WINDOW },
      maxSessionMemory: SESSION_MEGABYTES,
    });
    session.setLocalWindowSize(WINDOW);
    const connection = new SharedConnection(session, socket);
    this.connections.add(connection);
    session.on('close', () => this.connections.delete(connection));
  }
}

class SharedConnection {
  private streams = 0;

  constructor(
    private readonly session: ClientHttp2Session,
    private readonly socket: TLSSocket,
  ) {
    // It keeps no process alive but while a request is on its way. Its errors come to its requests.
    session.on('error', () => undefined).unref();
  }

  get hasRoom(): boolean {
    const { closed, destroyed, remoteSettings } = this.session;
    const allowed = Math.min(STREAMS, remoteSettings?.maxConcurrentStreams ?? STREAMS);
    return !closed && !destroyed && this.streams < allowed;
  }

  async send({ method, url, headers, payload, signal, idleMs }: Outgoing): Promise<Answer> {
    const { session } = this;
    const stream = session.request(
      { ':method': method, ':path': url.pathname + url.search, ...headers },
      { endStream: payload === undefined, ...(signal ? { signal } : {}) },
    );
    if (this.streams++ === 0) session.ref();
    stream.once('close', () => {
      if (--this.streams === 0) session.unref();
    });
    stream.setTimeout(idleMs, () => {
      // It may be the connection that is dead: others are not sent over it any more, and what is on its way may end.
      session.close();
      stream.destroy(silence(idleMs));
    });
    if (payload) stream.end(payload);
    return new Promise((resolve, reject) => {
      const fail = (error?: Error) => reject(loss(stream, error));
      stream.once('close', fail).on('error', fail);
      stream.once('response', ({ ':status': status = 500, ...fields }) => {
        resolve({ status, headers: fields as Record<string, string>, body: bodyOf(stream) });
      });
    });
  }

  destroy(): void {
    this.session.destroy();
    // A session that was about to end would wait for the server's end.
    this.socket.destroy();
  }
}

/** A stream that is cut ends like one that is whole; only its code tells. */
async function* bodyOf(stream: ClientHttp2Stream): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    throw loss(stream, error as Error);
  }
  if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) throw loss(stream);
}

/** The error of a request whose answer did not come, or not whole, with the code that a lost connection has. */
function loss({ rstCode }: ClientHttp2Stream, error?: Error & { code?: string }): Error {
  if (rstCode === constants.NGHTTP2_REFUSED_STREAM)
    return Object.assign(new Error('the server did not take it up'), { code: REFUSED });
  if (error?.code && !/^ERR_(HTTP2|STREAM)_/.test(error.code)) return error;
  return closedBefore(error);
}

function closedBefore(cause?: Error): Error {
  const message = cause?.message ?? 'the connection was closed before the whole answer';
  return Object.assign(new Error(message, { cause }), { code: 'ECONNRESET' });
}

/** Waits for what others wait for too, for as long as one may. */
async function inTime(attempt: Promise<void>, { signal, idleMs }: Outgoing): Promise<void> {
  let stop: () => void = () => undefined;
  const given = new Promise<never>((_, reject) => {
    const timer = idleMs > 0 ? setTimeout(() => reject(silence(idleMs)), idleMs) : undefined;
    const abort = () => reject(signal?.reason as Error);
    signal?.addEventListener('abort', abort);
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
  });
  try {
    signal?.throwIfAborted();
    await Promise.race([attempt, given]);
  } finally {
    stop();
  }
}
