import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';

export interface Question {
  method: 'GET' | 'POST';
  headers?: Readonly<Record<string, string>>;
  body?: Buffer;
  /** Milliseconds until the whole answer has to be there. */
  timeoutMs: number;
}

/** What a service answered. */
export interface Answer {
  status: number;
  contentType: string | undefined;
  body: Buffer;
}

/** A service gave no answer. `status` is what is said of it, `message` is for people, the cause for the log. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  constructor(
    readonly status: 502 | 503 | 504,
    message: string,
    cause: unknown,
  ) {
    super(message, { cause });
  }
}

/** Errors of a connection that never stood: the service has not seen the request. */
const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * Asks another service, on a connection of its own: one that was kept open may be closed by a pod that goes just as
 * the request is on its way, and nobody could tell whether an order was taken. Inside a cluster it costs little.
 * @param service its name, for the error
 * @throws NoAnswerError
 */
export async function ask(service: string, url: URL, question: Question): Promise<Answer> {
  const { method, headers, body, timeoutMs } = question;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const request = httpRequest(url, { agent: false, method, headers, signal: timeout });
    // What breaks after the answer began is an error of the answer.
    request.on('error', () => undefined);
    request.end(body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part as Buffer);
    return {
      status: response.statusCode ?? 502,
      contentType: response.headers['content-type'],
      body: Buffer.concat(parts),
    };
  } catch (error) {
    if (timeout.aborted) {
      throw new NoAnswerError(504, `${service} did not answer within ${timeoutMs / 1000} s.`, error);
    }
    const { code } = error as NodeJS.ErrnoException;
    if (UNREACHABLE.has(code ?? '')) {
      throw new NoAnswerError(503, `${service} cannot be reached now.`, error);
    }
    throw new NoAnswerError(502, `The connection to ${service} broke before it had answered.`, error);
  }
}
