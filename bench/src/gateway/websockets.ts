import { once } from 'node:events';
import { WebSocket } from 'ws';

/** Milliseconds between two messages of each. */
const PAUSE_MS = 1000;
/** Milliseconds in which a message must have come back. */
const LIMIT_MS = 20_000;

/** Websockets that stay open, and hear each second what they say. */
export class Websockets {
  #stopping = false;
  readonly #ended = new Set<WebSocket>();
  readonly #heard = new Map<WebSocket, number>();
  readonly #timer: NodeJS.Timeout;

  private constructor(private readonly sockets: readonly WebSocket[]) {
    for (const socket of sockets) {
      this.#heard.set(socket, performance.now());
      socket.on('close', () => this.#stopping || this.#ended.add(socket));
      socket.on('error', () => undefined);
      socket.on('message', () => this.#heard.set(socket, performance.now()));
    }
    this.#timer = setInterval(() => {
      for (const socket of sockets) if (socket.readyState === WebSocket.OPEN) socket.send('still there?');
    }, PAUSE_MS);
  }

  static async open(port: number, host: string, count: number): Promise<Websockets> {
    const sockets = Array.from(
      { length: count },
      () => new WebSocket(`ws://127.0.0.1:${port}/`, { headers: { host } }),
    );
    await Promise.all(sockets.map((socket) => once(socket, 'open')));
    return new Websockets(sockets);
  }

  /** Those that were ended by another, or hear nothing any more. */
  get lost(): number {
    const now = performance.now();
    return this.sockets.filter(
      (socket) => this.#ended.has(socket) || now - (this.#heard.get(socket) ?? 0) > LIMIT_MS,
    ).length;
  }

  close(): void {
    this.#stopping = true;
    clearInterval(this.#timer);
    for (const socket of this.sockets) socket.terminate();
  }
}
