import { createHttpService, type HttpServiceOptions } from '@berth/http-service';
import type { FastifyError, FastifyInstance } from 'fastify';
import { InvalidRequestError, parseLimit, parseTrade } from './trade';
import { StoreUnavailableError, type TradeStore } from './trade-store';

/** Undefined when ready, else what is waited for. */
export type NotReady = () => string | undefined;

/**
 * Serves the trades: `POST /trades` keeps one (201; 200 with the kept one when its id is there already),
 * `GET /trades?limit=50` lists them, newest first. Errors are `{ error }`: 400 a wrong request, 503 no store now.
 */
export function createServer(
  store: TradeStore,
  notReady: NotReady,
  logger?: HttpServiceOptions['logger'],
): FastifyInstance {
  const server = createHttpService({ logger, notReady });
  server.setErrorHandler<FastifyError | Error>((error, request, reply) => {
    if (error instanceof InvalidRequestError) return reply.code(400).send({ error: error.message });
    if (error instanceof StoreUnavailableError) {
      request.log.warn({ err: error.cause }, error.message);
      return reply.code(503).send({ error: error.message });
    }
    const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500;
    if (status < 500) return reply.code(status).send({ error: error.message });
    request.log.error(error);
    return reply.code(500).send({ error: 'The blotter failed; its log says how.' });
  });

  server.post('/trades', async (request, reply) => {
    const { trade, added } = await store.add(parseTrade(request.body));
    return reply.code(added ? 201 : 200).send(trade);
  });
  server.get<{ Querystring: { limit?: string } }>('/trades', async (request) => {
    return { trades: await store.latest(parseLimit(request.query.limit)) };
  });
  return server;
}
