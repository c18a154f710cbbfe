/* Only tests use this: an endpoint that reads bytes by itself, and forgives nothing. */
import net from 'node:net';

export interface StrictRequest {
  /** `POST /path`. */
  line: string;
  head: string;
  body: string;
}

const HEAD = /^([A-Z]+ \/[!-~]*) HTTP\/1\.1\r\n(?:[A-Za-z0-9-]+: ?[ -~\x80-\xff]*\r\n)+\r\n/;
const CHUNK = /^([0-9a-f]{1,8})\r\n/;

/**
 * Requests by the letter of RFC 9112: a reading in which nothing can hide.
 * @returns the whole requests, and the bytes after them: of one that has not come whole, or that is none
 */
export function strictRequests(bytes: string): { requests: StrictRequest[]; rest: string } {
  const requests: StrictRequest[] = [];
  let rest = bytes;
  for (;;) {
    const [head, line] = HEAD.exec(rest) ?? [];
    const found = head && bodyOf(head, rest.slice(head.length));
    if (!found) return { requests, rest };
    requests.push({ line: line!, head, body: found.body });
    rest = found.rest;
  }
}

function bodyOf(head: string, bytes: string): { body: string; rest: string } | undefined {
  const lengths = [...head.matchAll(/^content-length: (.*)\r$/gim)].map(([, value]) => value!);
  const encodings = [...head.matchAll(/^transfer-encoding: (.*)\r$/gim)].map(([, value]) => value!);
  if (lengths.length + encodings.length > 1) throw new Error(`it is not said how long this is: ${head}`);
  if (encodings.length) return encodings[0] === 'chunked' ? chunksOf(bytes) : undefined;
  const length = lengths.length ? Number(/^[0-9]+$/.exec(lengths[0]!)?.[0]) : 0;
  return bytes.length >= length ? { body: bytes.slice(0, length), rest: bytes.slice(length) } : undefined;
}

function chunksOf(bytes: string): { body: string; rest: string } | undefined {
  let body = '';
  for (let rest = bytes; ;) {
    const [line, size] = CHUNK.exec(rest) ?? [];
    if (!line) return undefined;
    const length = parseInt(size!, 16);
    const chunk = rest.slice(line.length, line.length + length);
    if (!rest.startsWith('\r\n', line.length + length)) return undefined;
    rest = rest.slice(line.length + length + 2);
    body += chunk;
    if (length === 0) return { body, rest };
  }
}

type Behaviour = (socket: net.Socket, received: () => string) => void;

/** Behaves as it is told on each connection, and keeps what came over it. */
export class RawEndpoint {
  /** By connection, in latin1. */
  readonly received: string[] = [];
  readonly #sockets = new Set<net.Socket>();

  private constructor(
    private readonly server: net.Server,
    /** As a route has it. */
    readonly address: string,
  ) {}

  /** @param behaviour is called when the first bytes of a connection have come, and whenever more do */
  static async start(host: string, behaviour: Behaviour): Promise<RawEndpoint> {
    const server = net.createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const endpoint = new RawEndpoint(server, `${host}:${(server.address() as net.AddressInfo).port}`);
    server.on('connection', (socket) => endpoint.#take(socket, behaviour));
    return endpoint;
  }

  get openConnections(): number {
    return this.#sockets.size;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #take(socket: net.Socket, behaviour: Behaviour): void {
    const index = this.received.push('') - 1;
    this.#sockets.add(socket);
    socket.on('data', (bytes: Buffer) => {
      this.received[index] += bytes.toString('latin1');
      behaviour(socket, () => this.received[index]!);
    });
    socket.on('end', () => socket.end());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }
}

/** Says `answer` once, when the head of a request has come; then does what `after` says. */
export function answering(answer: string, after: (socket: net.Socket) => void = () => undefined): Behaviour {
  const answered = new WeakSet<net.Socket>();
  return (socket, received) => {
    if (answered.has(socket) || !received().includes('\r\n\r\n')) return;
    answered.add(socket);
    if (answer) socket.write(answer, 'latin1');
    after(socket);
  };
}

/** Says `answer` to each whole request, of which `asked` hears first. */
export function answeringEach(
  answer: string,
  asked: (request: StrictRequest) => void = () => undefined,
): Behaviour {
  const answered = new WeakMap<net.Socket, number>();
  return (socket, received) => {
    const { requests } = strictRequests(received());
    for (const request of requests.slice(answered.get(socket) ?? 0)) {
      asked(request);
      socket.write(answer, 'latin1');
    }
    answered.set(socket, requests.length);
  };
}
