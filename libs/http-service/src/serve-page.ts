import type { FastifyInstance } from 'fastify';
import type { PageFile } from './page-files';

/** Serves exactly these files; what is neither of them nor another route is not there. */
export function servePage(server: FastifyInstance, files: readonly PageFile[]): void {
  // Not to be kept: while one version takes the place of another, the next pod may have what this one lacks.
  server.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .header('cache-control', 'no-store')
      .send({ error: `There is no ${request.method} ${request.url.split('?')[0]}.` }),
  );
  for (const file of files) {
    server.get(file.path, (request, reply) => {
      reply.header('cache-control', file.cacheControl).header('vary', 'accept-encoding');
      const gzip = acceptsGzip(request.headers['accept-encoding']) ? file.gzip : undefined;
      // Strong validators tell representations apart, so the two encodings have one each (RFC 9110, 8.8.3.3).
      const etag = gzip ? file.etag.replace(/"$/, '-gzip"') : file.etag;
      reply.header('etag', etag);
      if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send();
      if (gzip) reply.header('content-encoding', 'gzip');
      return reply.type(file.contentType).send(gzip ?? file.content);
    });
  }
}

/** Whether the header names gzip without refusing it (`gzip;q=0`). */
function acceptsGzip(acceptEncoding: string | string[] | undefined): boolean {
  return String(acceptEncoding ?? '')
    .split(',')
    .some((coding) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(coding));
}

/** Weak comparison, as RFC 9110, 13.1.2 asks for: a proxy on the way may have weakened the validator. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  return (ifNoneMatch ?? '').split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag);
}
