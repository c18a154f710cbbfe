import {
  ask,
  createHttpService,
  NoAnswerError,
  servePage,
  type Answer,
  type HttpServiceOptions,
  type PageFile,
} from '@berth/http-service';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import type { Config } from './config';
import { PriceSockets } from './price-sockets';

/** Milliseconds until the answer of a service has to be there: longer than that service gives those it asks. */
const TIMEOUTS = { pricing: 3_000, execution: 25_000, blotter: 8_000 };

/** Milliseconds that pages have to say goodbye when the server drains. */
const GOODBYE_MS = 2000;

/** Everything the page uses comes from here, so nothing else is allowed. `connect-src 'self'` includes websockets. */
const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

/**
 * Serves the page, and what it asks for: `GET /api/prices`, as a websocket too (pricing), `POST /api/trades`
 * (execution) and `GET /api/trades` (blotter). Answers of those services are handed on as they are; when there is
 * none, `{ error }` says so with 503 (not reached), 504 (too late) or 502 (broken off).
 */
export function createServer(
  page: readonly PageFile[],
  services: Pick<Config, 'pricingUrl' | 'executionUrl' | 'blotterUrl'>,
  logger?: HttpServiceOptions['logger'],
): FastifyInstance {
  // Not whether the other services answer: the page itself says which of its parts are away.
  const server = createHttpService({ logger });
  const sockets = new PriceSockets(new URL('/prices', services.pricingUrl), server.log);

  server.addHook('preClose', () => sockets.close(GOODBYE_MS));
  server.addHook('onSend', async (_request, reply) => {
    reply.headers(securityHeaders);
  });

  server.setErrorHandler<FastifyError | NoAnswerError>((error, request, reply) => {
    reply.header('cache-control', 'no-store');
    if (error instanceof NoAnswerError) {
      request.log.warn({ err: error.cause, url: request.url }, error.message);
      return reply.code(error.status).send({ error: error.message });
    }
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).send({ error: error.message });
    request.log.error(error);
    return reply.code(500).send({ error: 'The desk failed; the log of web says how.' });
  });
  servePage(server, page);

  // An order goes on byte for byte: what is right and wrong in it is for execution to say.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  server.get('/api/prices', async (_request, reply) => {
    const url = new URL('/prices', services.pricingUrl);
    return handOn(await ask('pricing', url, { method: 'GET', timeoutMs: TIMEOUTS.pricing }), reply);
  });
  server.get('/api/trades', async (request, reply) => {
    const url = new URL('/trades', services.blotterUrl);
    url.search = new URL(request.url, url).search;
    return handOn(await ask('blotter', url, { method: 'GET', timeoutMs: TIMEOUTS.blotter }), reply);
  });
  server.post<{ Body: Buffer | undefined }>('/api/trades', async ({ body = Buffer.alloc(0) }, reply) => {
    const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
    const question = { method: 'POST', headers, body, timeoutMs: TIMEOUTS.execution } as const;
    return handOn(await ask('execution', new URL('/trades', services.executionUrl), question), reply);
  });

  server.server.on('upgrade', (request, socket, head) => {
    const known = request.url?.split('?')[0] === '/api/prices';
    sockets.accept(request, socket, head, known ? undefined : 404);
  });
  return server;
}

function handOn({ status, contentType, body }: Answer, reply: FastifyReply): FastifyReply {
  reply.code(status).header('cache-control', 'no-store');
  return contentType === undefined ? reply.send(body) : reply.type(contentType).send(body);
}
