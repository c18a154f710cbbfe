import { createHttpService, type HttpServiceOptions } from '@berth/http-service';
import type { FastifyInstance } from 'fastify';
import type { Instrument } from './instruments';

/** Serves the instruments: `GET /instruments` all of them, `GET /instruments/<symbol>` one. */
export function createServer(
  instruments: readonly Instrument[],
  logger?: HttpServiceOptions['logger'],
): FastifyInstance {
  const bySymbol = new Map(instruments.map((instrument) => [instrument.symbol, instrument]));
  const server = createHttpService({ logger });
  server.get('/instruments', () => ({ instruments }));
  server.get<{ Params: { symbol: string } }>('/instruments/:symbol', (request, reply) => {
    const instrument = bySymbol.get(request.params.symbol);
    if (instrument) return instrument;
    return reply.code(404).send({ error: `There is no instrument ${request.params.symbol}.` });
  });
  return server;
}
