import { setTimeout as delay } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { UserError } from '@berth/model';
import type { Dispatcher } from 'undici';
import { mayPass, noAnswer, problemOf } from './no-answer';

export interface RegistryRequest {
  method: Dispatcher.HttpMethod;
  headers?: Record<string, string>;
  /** Called for each try, since a stream can be read only once. */
  body?: () => string | Buffer | Readable;
}

export interface RegistryAnswer {
  statusCode: number;
  headers: Dispatcher.ResponseData['headers'];
  text: string;
}

export interface Patience {
  /** Tries of one request in all; 4 when absent. */
  tries?: number;
  /** Milliseconds until the first repetition, doubled for each further one; 200 when absent. */
  pauseMs?: number;
  /** Milliseconds for the headers of an answer, and between two parts of its body; 10,000 when absent. */
  timeoutMs?: number;
  /** Told of each repetition. */
  onRetry?: (message: string) => void;
  dispatcher?: Dispatcher;
}

/** Longest that is waited because a registry asks for it (Retry-After), in milliseconds; who asks for more is given up. */
const LONGEST_WAIT_MS = 10_000;

/**
 * Sends a request to a registry, again after connection errors, 429 and 5xx. The body is read to its end.
 * @returns the last answer, whatever its status
 * @throws UserError when there is no answer
 */
export async function sendToRegistry(
  url: string,
  { method, headers, body }: RegistryRequest,
  { tries = 4, pauseMs = 200, timeoutMs = 10_000, onRetry = () => undefined, dispatcher }: Patience = {},
): Promise<RegistryAnswer> {
  // Only now: it takes longer to load than most commands take, and few of them ask a registry.
  const { request } = await import('undici');
  for (let tried = 1; ; tried++) {
    let problem: string;
    // Full jitter around the pause, so that many requests that failed together do not come back together.
    let wait = pauseMs * 2 ** (tried - 1) * (0.5 + Math.random());
    try {
      const answer = await request(url, {
        method,
        // Else each HEAD takes a connection for itself: that of hundreds of images is the first thing a push asks.
        reset: false,
        ...(headers && { headers }),
        ...(body && { body: body() }),
        ...(dispatcher && { dispatcher }),
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      const text = await answer.body.text();
      const { statusCode } = answer;
      if (tried >= tries || (statusCode !== 429 && statusCode < 500)) {
        return { statusCode, headers: answer.headers, text };
      }
      problem = `HTTP ${statusCode}`;
      const after = Number(answer.headers['retry-after']) * 1000;
      // Asked again before that it only refuses again.
      if (after > LONGEST_WAIT_MS) return { statusCode, headers: answer.headers, text };
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
