import http from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '@berth/model';
import { Connections } from './connections';
import { codeOf, mayPass, noAnswer, problemOf, SilenceError } from './no-answer';

export interface RegistryRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  headers?: Record<string, string>;
  /** Called for each try, since a stream can be read only once. */
  body?: () => string | Buffer | Readable;
}

export interface RegistryAnswer {
  statusCode: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

export interface Patience {
  /** Tries of one request in all; 4 when absent. */
  tries?: number;
  /** Milliseconds until the first repetition, doubled for each further one; 200 when absent. */
  pauseMs?: number;
  /** Milliseconds for a connection, and between two parts of an answer; 10,000 when absent. */
  timeoutMs?: number;
  /** Told of each repetition. */
  onRetry?: (message: string) => void;
}

/** Longest that is waited because a registry asks for it (Retry-After), in milliseconds; who asks for more is given up. */
const LONGEST_WAIT_MS = 10_000;

/** For whoever has none of their own: 16 to one origin, by the certificates that every connection goes by. */
const shared = new Connections({ certificates: () => undefined, most: 16 });

/**
 * Sends a request to a registry, again after connection errors, 429 and 5xx. The body is read to its end.
 * @returns the last answer, whatever its status
 * @throws UserError when there is no answer
 */
export async function sendToRegistry(
  url: string,
  request: RegistryRequest,
  { tries = 4, pauseMs = 200, timeoutMs = 10_000, onRetry = () => undefined }: Patience = {},
  connections = shared,
): Promise<RegistryAnswer> {
  const { method } = request;
  for (let tried = 1; ; tried++) {
    let problem: string;
    // Full jitter around the pause, so that many requests that failed together do not come back together.
    let wait = pauseMs * 2 ** (tried - 1) * (0.5 + Math.random());
    try {
      const answer = await ask(new URL(url), request, timeoutMs, connections);
      const { statusCode } = answer;
      if (tried >= tries || (statusCode !== 429 && statusCode < 500)) return answer;
      problem = `HTTP ${statusCode}`;
      const after = Number(answer.headers['retry-after']) * 1000;
      // Asked again before that it only refuses again.
      if (after > LONGEST_WAIT_MS) return answer;
      if (after > 0) wait += after;
    } catch (error) {
      // Of its certificates, before anything was sent.
      if (error instanceof UserError) throw error;
      if (tried >= tries || !mayPass(error, url)) throw noAnswer(error, { method, url, tried });
      problem = problemOf(error, url);
    }
    onRetry(`${method} ${url}: ${problem}; try ${tried + 1} of ${tries}`);
    await delay(wait);
  }
}

/** One try. */
async function ask(
  url: URL,
  request: RegistryRequest,
  timeoutMs: number,
  connections: Connections,
): Promise<RegistryAnswer> {
  const { method, headers, body } = request;
  const sent = connections.request(url, { method, timeout: timeoutMs, ...(headers && { headers }) });
  let response: http.IncomingMessage | undefined;
  const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve).on('error', reject);
    sent.on('timeout', () => (response ?? sent).destroy(new SilenceError(sent.socket?.connecting === true)));
  });
  const content = body?.();
  if (content === undefined || typeof content === 'string' || Buffer.isBuffer(content)) sent.end(content);
  else pipeline(content, sent, (error) => error && sent.destroy(error));
  try {
    response = await answered;
  } catch (error) {
    // The registry closed it in the moment in which it was taken from those that are kept.
    if (sent.reusedSocket && codeOf(error) === 'ECONNRESET') return ask(url, request, timeoutMs, connections);
    throw error;
  }
  return { statusCode: response.statusCode ?? 0, headers: response.headers, text: await textOf(response) };
}

/** By its events: the answers to HEAD are many and empty, and an iterator costs each of them as much as asking. */
function textOf(response: http.IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (part: string) => (text += part));
    response.on('end', () => resolve(text));
    response.on('error', reject);
  });
}
