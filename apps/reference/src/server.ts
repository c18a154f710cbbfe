import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import type { Instrument } from './instruments';

/** Serves the instruments: `GET /instruments` all of them, `GET /instruments/<symbol>` one. */
export function createServer(
  instruments: readonly Instrument[],
  logger: FastifyServerOptions['logger'] = false,
): FastifyInstance {
  const bySymbol = new Map(instruments.map((instrument) => [instrument.symbol, instrument]));
  // A request that arrives on an open connection while the server drains is answered, not refused.
  const server = fastify({ logger, disableRequestLogging: true, return503OnClosing: false });
  let draining = false;
  server.addHook('preClose', async () => {
    draining = true;
  });
  // Else a connection whose request ran when the draining began would be kept open for the next one.
  server.addHook('onSend', async (_request, reply) => {
    if (draining) reply.header('connection', 'close');
  });

  server.get('/healthz', () => ({ status: 'alive' }));
  server.get('/readyz', (_request, reply) =>
    draining ? reply.code(503).send({ status: 'draining' }) : { status: 'ready' },
  );
  server.get('/instruments', () => ({ instruments }));
  server.get<{ Params: { symbol: string } }>('/instruments/:symbol', (request, reply) => {
    const instrument = bySymbol.get(request.params.symbol);
    if (instrument) return instrument;
    return reply.code(404).send({ error: `There is no instrument ${request.params.symbol}.` });
  });
  return server;
}
