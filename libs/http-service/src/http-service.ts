import fastify, { LogController, type FastifyInstance, type FastifyServerOptions } from 'fastify';

export interface HttpServiceOptions {
  logger?: FastifyServerOptions['logger'];
  /** What is waited for before requests are wanted; undefined when nothing is. */
  notReady?: () => string | undefined;
}

/** Bytes of a body; what services of this system send each other is far smaller. */
const BODY_LIMIT = 16_384;

/**
 * A fastify server, not yet listening, that lives as a pod does: `/healthz` is 200 while it runs, `/readyz` is 503 while
 * `notReady` says what for and from the moment that it drains. `close()` drains it: requests that run end, requests on
 * open connections are answered and their connections closed, and then it resolves.
 */
export function createHttpService({ logger = false, notReady }: HttpServiceOptions = {}): FastifyInstance {
  const server = fastify({
    logger,
    logController: new LogController({ disableRequestLogging: true }),
    // A request that arrives on an open connection while the server drains is answered, not refused.
    return503OnClosing: false,
    bodyLimit: BODY_LIMIT,
  });
  let draining = false;
  server.addHook('preClose', async () => {
    draining = true;
  });
  // Else a connection whose request ran when the draining began would be kept open for the next one.
  server.addHook('onSend', async (_request, reply) => {
    if (draining) reply.header('connection', 'close');
  });
  server.get('/healthz', () => ({ status: 'alive' }));
  server.get('/readyz', (_request, reply) => {
    const reason = draining ? 'draining' : notReady?.();
    return reason === undefined ? { status: 'ready' } : reply.code(503).send({ status: reason });
  });
  return server;
}
