import { createHttpService, type HttpServiceOptions } from '@berth/http-service';
import type { FastifyError, FastifyInstance } from 'fastify';
import { UnavailableError } from './ask';
import type { Blotter } from './blotter';
import { InvalidOrderError, parseOrder } from './order';
import { UnknownSymbolError, type Pricing } from './pricing';

export interface Desk {
  pricing: Pricing;
  blotter: Blotter;
  /** Milliseconds since 1970. */
  now: () => number;
}

/**
 * Takes trades: `POST /trades` with `{ symbol, side, quantity, id? }` trades at the price of now and answers 201 with
 * the recorded trade, 200 when that id was traded before. Errors are `{ error }`: 400 a wrong order, 404 an unknown
 * symbol, 503 no prices or no blotter now.
 */
export function createServer(
  { pricing, blotter, now }: Desk,
  logger?: HttpServiceOptions['logger'],
): FastifyInstance {
  // Not whether pricing and blotter answer: an order gets to hear that itself, with the reason.
  const server = createHttpService({ logger });
  server.setErrorHandler<FastifyError | Error>((error, request, reply) => {
    if (error instanceof InvalidOrderError) return reply.code(400).send({ error: error.message });
    if (error instanceof UnknownSymbolError) return reply.code(404).send({ error: error.message });
    if (error instanceof UnavailableError) {
      request.log.warn(error);
      return reply.code(503).send({ error: error.message });
    }
    const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500;
    if (status < 500) return reply.code(status).send({ error: error.message });
    request.log.error(error);
    return reply.code(500).send({ error: 'The trade failed; the log of execution says how.' });
  });

  server.post('/trades', async (request, reply) => {
    const order = parseOrder(request.body);
    const { price, currency } = await pricing.priceOf(order.symbol);
    const executedAt = new Date(now()).toISOString();
    const { trade, added } = await blotter.record({ ...order, price, currency, executedAt });
    return reply.code(added ? 201 : 200).send(trade);
  });
  return server;
}
