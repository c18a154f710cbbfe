import { hasToken } from '@berth/http-service';
import type { FastifyInstance } from 'fastify';
import { parseRequest, WrongRequestError } from './lines-request';
import { UnknownEnvironmentError, type LogReader } from './log-reader';

export interface LinesParts {
  token: string;
  reader: Pick<LogReader, 'read'>;
  /** Requests that are read for at the same time; each holds as many lines as it may ask for. */
  mostAtOnce?: number;
}

/**
 * Has a server answer `POST /lines` (LinesRequest) with `{ sources }` (SourceLines), to whoever has the token. Errors are
 * `{ error }`: 400 a wrong request, 401 no token, 404 no such environment, 502 the secrets cannot be read, 503 too many
 * at once.
 */
export function serveLines(server: FastifyInstance, { token, reader, mostAtOnce = 4 }: LinesParts): void {
  let reading = 0;
  server.post('/lines', async (request, reply) => {
    if (!hasToken(request.headers, token)) return reply.code(401).send({ error: 'A token is asked for.' });
    if (reading >= mostAtOnce)
      return reply.code(503).send({ error: 'Others are reading lines; ask again in a moment.' });
    reading++;
    try {
      return { sources: await reader.read(parseRequest(request.body)) };
    } catch (error) {
      if (error instanceof WrongRequestError) return reply.code(400).send({ error: error.message });
      if (error instanceof UnknownEnvironmentError) return reply.code(404).send({ error: error.message });
      request.log.error({ error: (error as Error).message }, 'the secrets cannot be read');
      return reply
        .code(502)
        .send({ error: 'The secrets of the environment cannot be read, so its lines are not shown.' });
    } finally {
      reading--;
    }
  });
}
