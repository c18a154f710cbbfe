import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';

/** Bytes that may wait for a slow reader; until it has read them it gets no newer prices. */
const MOST_WAITING = 64 * 1024;

/** Everybody who listens on the websocket. */
export class Subscribers {
  // Nobody has anything to say to us, so a message is small.
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: 1024 });
  readonly #answered = new WeakSet<WebSocket>();

  get size(): number {
    return this.#server.clients.size;
  }

  /** @param greeting made when the connection is open */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, greeting: () => unknown): void {
    this.#server.handleUpgrade(request, socket, head, (client) => {
      this.#answered.add(client);
      client.on('pong', () => this.#answered.add(client));
      client.on('error', () => client.terminate());
      client.send(JSON.stringify(greeting()));
    });
  }

  send(message: unknown): void {
    const text = JSON.stringify(message);
    for (const client of this.#server.clients) {
      if (client.readyState === client.OPEN && client.bufferedAmount < MOST_WAITING) client.send(text);
    }
  }

  /** Ends connections whose other side has not answered since the last call; call it every so often. */
  dropSilent(): void {
    for (const client of this.#server.clients) {
      if (this.#answered.delete(client)) client.ping();
      else client.terminate();
    }
  }

  /** Tells everybody to connect again (to another replica), and waits no longer than `limitMs` for their goodbye. */
  async close(limitMs: number): Promise<void> {
    const clients = [...this.#server.clients];
    const gone = clients.map((client) => new Promise((resolve) => client.once('close', resolve)));
    for (const client of clients) client.close(1001, 'draining');
    const timer = setTimeout(() => clients.forEach((client) => client.terminate()), limitMs);
    await Promise.all(gone);
    clearTimeout(timer);
  }
}
