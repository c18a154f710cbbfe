import { servePage, type PageFile } from '@berth/http-service';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { LogLines, ServiceKey } from '../entries';
import type { Access } from './access';
import type { Feed } from './feed';
import { NoLinesError, type ReadLines } from './log-lines';
import type { Monitor } from './monitor';
import type { Probes } from './probes/start-probes';

/** Everything the page uses comes from here, so nothing else is allowed. */
const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

const loginPage = '/login.html';
/** What needs no token: it says nothing of the cluster. */
const isForAll = (path: string): boolean =>
  [loginPage, '/login', '/healthz', '/readyz'].includes(path) || path.startsWith('/assets/');

export interface MonitoringParts {
  page: readonly PageFile[];
  access: Access;
  feed: Feed;
  monitor: Pick<Monitor, 'details'>;
  /** Undefined while, or where, nothing is probed. */
  probes: () => Pick<Probes, 'report'> | undefined;
  readLines: ReadLines;
}

/**
 * Has a server answer with the page and what it asks for: `GET /api/table` (server-sent events of TableChange; `after` is
 * the id of the last one), `GET /api/details?environment=&kind=&name=` (Details), `GET /api/lines` of the same (LogLines)
 * and `GET /api/latency?environment=&service=` (LatencyReport). Without the token 401, and the form that asks for it;
 * `POST /login` takes it. Nothing here changes anything else.
 */
export function serveMonitoring(
  server: FastifyInstance,
  { page, access, feed, monitor, probes, readLines }: MonitoringParts,
): void {
  server.addHook('preClose', async () => feed.close());
  server.addHook('onSend', async ({ url }, reply) => {
    reply.headers(securityHeaders);
    if (!url.startsWith('/assets/')) reply.header('cache-control', 'no-store');
  });
  server.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    if (isForAll(path) || access.allows(request.headers)) return undefined;
    if (path === '/') return reply.redirect(loginPage, 303);
    return reply.code(401).send({ error: 'A token is asked for: Authorization: Bearer, or the form at /.' });
  });
  servePage(server, page);

  server.get<{ Querystring: { after?: unknown } }>('/api/table', (request, reply) => {
    if (feed.isFull) return reply.code(503).send({ error: 'As many pages as can be served are open.' });
    const after = request.headers['last-event-id'] ?? request.query.after;
    reply.hijack();
    reply.raw.writeHead(200, {
      ...securityHeaders,
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    feed.add(reply.raw, typeof after === 'string' ? after : undefined);
    return reply;
  });

  server.get<{ Querystring: Record<string, unknown> }>('/api/details', ({ query }, reply) => {
    return monitor.details(serviceIn(query)) ?? reply.code(404).send(noService);
  });

  server.get<{ Querystring: Record<string, unknown> }>('/api/latency', ({ query }, reply) => {
    const report = probes()?.report(String(query.environment), String(query.service));
    return report ?? reply.code(404).send({ error: 'Nothing is probed here.' });
  });

  server.get<{ Querystring: Record<string, unknown> }>(
    '/api/lines',
    async ({ query }, reply): Promise<LogLines | FastifyReply> => {
      try {
        return (await readLines(serviceIn(query))) ?? reply.code(404).send(noService);
      } catch (error) {
        if (error instanceof NoLinesError) return reply.code(503).send({ error: error.message });
        throw error;
      }
    },
  );

  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );
  server.post<{ Body: URLSearchParams | undefined }>('/login', ({ body, headers }, reply): FastifyReply => {
    if (!access.isToken(body?.get('token')?.trim() ?? '')) return reply.redirect(`${loginPage}#wrong`, 303);
    const isSecure = headers['x-forwarded-proto'] === 'https';
    return reply.header('set-cookie', access.sessionCookie(isSecure)).redirect('/', 303);
  });
}

const noService = { error: 'There is no such service any more.' };

function serviceIn({ environment, kind, name }: Record<string, unknown>): ServiceKey {
  return { environment: String(environment), kind: String(kind), name: String(name) };
}
