import { createHttpService, type HttpServiceOptions } from '@berth/http-service';
import type { FastifyInstance } from 'fastify';
import type { Market } from './market';
import { Subscribers } from './subscribers';

export interface PricingServer {
  http: FastifyInstance;
  /** Sends the prices of now to everybody who listens. */
  publish: () => void;
  subscribers: Subscribers;
}

/** Milliseconds that listeners have to say goodbye when the server drains. */
const GOODBYE_MS = 2000;

/**
 * Serves the market: `GET /prices` and `/prices/<symbol>`; a websocket at `/prices` says
 * `{ type: 'snapshot', quotes }` once and then `{ type: 'prices', prices }` at every tick.
 */
export function createServer(market: Market, logger?: HttpServiceOptions['logger']): PricingServer {
  const http = createHttpService({
    logger,
    notReady: () => (market.open ? undefined : 'waiting for the instruments of reference'),
  });
  const subscribers = new Subscribers();
  let draining = false;

  http.get('/prices', (_request, reply) => {
    if (!market.open) return reply.code(503).send({ error: 'There are no prices yet.' });
    return { quotes: market.quotes() };
  });
  http.get<{ Params: { symbol: string } }>('/prices/:symbol', (request, reply) => {
    if (!market.open) return reply.code(503).send({ error: 'There are no prices yet.' });
    const quote = market.quote(request.params.symbol);
    return quote ?? reply.code(404).send({ error: `There is no instrument ${request.params.symbol}.` });
  });

  http.server.on('upgrade', (request, socket, head) => {
    if (request.url?.split('?')[0] === '/prices' && !draining) {
      subscribers.accept(request, socket, head, () => ({ type: 'snapshot', quotes: market.quotes() }));
    } else {
      socket.end(
        `HTTP/1.1 ${draining ? '503 Service Unavailable' : '404 Not Found'}\r\nConnection: close\r\n\r\n`,
      );
    }
  });
  http.addHook('preClose', async () => {
    draining = true;
    await subscribers.close(GOODBYE_MS);
  });

  return { http, subscribers, publish: () => subscribers.send({ type: 'prices', prices: market.prices() }) };
}
