import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyBaseLogger } from 'fastify';
import { WebSocket, WebSocketServer, type RawData } from 'ws';

/** Milliseconds until pricing has to have taken a connection. */
const CONNECT_MS = 5_000;

/** Bytes that may wait for a slow reader; until it has read them nothing more is taken from the other side. */
const MOST_WAITING = 64 * 1024;

/** Bad gateway, as IANA's registry of close codes has it: the connection to pricing broke. */
const BROKEN = 1014;

const options = {
  maxPayload: 1024 * 1024,
  perMessageDeflate: false,
  // Pings go through to the other end, so that pricing sees whether a page is still there.
  autoPong: false,
};

/**
 * Forwards websockets to pricing: messages, pings and closes, both ways. A page is connected once pricing is: until
 * then it can still be told by an HTTP status that there are no prices.
 */
export class PriceSockets {
  readonly #server = new WebSocketServer({ ...options, noServer: true });
  /** Connections to pricing, those included that do not stand yet. */
  readonly #upstreams = new Set<WebSocket>();
  readonly #url: URL;
  #draining = false;

  constructor(
    pricesUrl: URL,
    private readonly log: FastifyBaseLogger,
  ) {
    this.#url = new URL(pricesUrl);
    this.#url.protocol = 'ws:';
  }

  /** @param refusal the status to refuse it with, whatever pricing says */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, refusal?: 404): void {
    socket.on('error', () => socket.destroy());
    if (refusal) return refuse(socket, '404 Not Found', 'There is no websocket here.');
    if (this.#draining) return refuse(socket, '503 Service Unavailable', 'draining');

    let connected = false;
    const upstream = new WebSocket(this.#url, { ...options, handshakeTimeout: CONNECT_MS });
    this.#upstreams.add(upstream);
    upstream.once('close', () => this.#upstreams.delete(upstream));
    upstream.on('error', (error) => {
      this.log.warn({ err: error }, 'no websocket to pricing');
      // Has no effect once the page is connected; then the close that follows is handed on.
      if (!connected) refuse(socket, '503 Service Unavailable', 'There are no prices now.');
    });
    upstream.once('open', () => {
      if (this.#draining) {
        upstream.terminate();
        return refuse(socket, '503 Service Unavailable', 'draining');
      }
      // Its callback runs at once, or never: the page has gone, or its request was none for a websocket.
      this.#server.handleUpgrade(request, socket, head, (page) => {
        connected = true;
        connect(page, upstream);
      });
      if (!connected) upstream.terminate();
    });
  }

  /** Tells every page to connect again (to another replica), and waits no longer than `limitMs` for their goodbye. */
  async close(limitMs: number): Promise<void> {
    this.#draining = true;
    const pages = [...this.#server.clients];
    const gone = [...pages, ...this.#upstreams].map(
      (end) => new Promise((resolve) => end.once('close', resolve)),
    );
    for (const page of pages) page.close(1001, 'draining');
    const timer = setTimeout(() => {
      for (const end of [...pages, ...this.#upstreams]) end.terminate();
    }, limitMs);
    await Promise.all(gone);
    clearTimeout(timer);
  }
}

function connect(page: WebSocket, upstream: WebSocket): void {
  for (const [from, to] of [
    [page, upstream],
    [upstream, page],
  ] as const) {
    from.on('message', (data: RawData, binary: boolean) => {
      if (to.readyState !== WebSocket.OPEN) return;
      to.send(data as Buffer, { binary }, () => {
        if (from.isPaused && to.bufferedAmount < MOST_WAITING) from.resume();
      });
      if (to.bufferedAmount >= MOST_WAITING) from.pause();
    });
    from.on('ping', (data) => to.readyState === WebSocket.OPEN && to.ping(data));
    from.on('pong', (data) => to.readyState === WebSocket.OPEN && to.pong(data));
    from.once('close', (code, reason) => {
      // 1005: closed without a code. Others that may not be sent mean that the connection broke.
      if (code === 1005) to.close();
      else if (code === 1006 || code === 1015) to.close(BROKEN);
      else to.close(code, reason);
      // The goodbye of the other side must be heard.
      to.resume();
    });
  }
  page.on('error', () => page.terminate());
}

function refuse(socket: Duplex, status: string, error: string): void {
  const body = JSON.stringify({ error });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
      `connection: close\r\n\r\n${body}`,
  );
}
