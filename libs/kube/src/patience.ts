import { connectionCode } from './connection-error';
import { ApiError, isDenied, UnreachableError } from './errors';
import { REFUSED } from './http2';
import type { Request } from './transport';

/** How often a request is tried at least. */
const attempts = 4;
/**
 * How long a server is waited for that has answered before, in milliseconds: it is most likely being restarted. A lease
 * on an environment holds no longer.
 */
const standardMs = 30_000;
/** How long a server that comes up may refuse what it will allow: it has yet to read who may do what. Milliseconds. */
const comingUpMs = 10_000;
const longestPauseMs = 2_000;
/** Longest that is waited because a server asks for it, in milliseconds. */
const longestRetryAfterMs = 10_000;

/** Of a server that restarts, has lost its etcd for a moment, or stands behind a proxy that has lost it. */
const passing = new Set([500, 502, 503, 504]);
/** No server has taken it up: nobody listens, as while it restarts, or the way is lost for a moment. */
const notTaken = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', REFUSED]);
/** The connection was cut, or the server had just closed it: what became of the request is not known. */
const cut = new Set(['ECONNRESET', 'EPIPE']);

/** The content type of a server-side apply. */
export const applyType = 'application/apply-patch+yaml';

interface Trouble {
  /** For example `ECONNREFUSED`. */
  what: string;
  /** Whether the request has not been done, for certain. */
  notDone: boolean;
  /** It is most likely over in a moment. */
  isRestart: boolean;
}

/** Whether requests that failed are tried again: of one server, by what it has answered so far. */
export class Patience {
  private isKnown = false;
  /** When the server last was away, restarting or overloaded, by the monotonic clock. */
  private troubledAt = -Infinity;

  constructor(private readonly waitedForMs = standardMs) {}

  /** A request has succeeded. */
  answered(): void {
    this.isKnown = true;
  }

  /** A request has failed. @returns what is wrong with the server; undefined when nothing is that may pass */
  failed(error: unknown): Trouble | undefined {
    const now = performance.now();
    const trouble = troubleOf(error, now - this.troubledAt < comingUpMs);
    if (trouble?.isRestart && !isRefusal(error)) this.troubledAt = now;
    return trouble;
  }

  /**
   * What to do after a try that failed: undefined when it would not help to ask again, or must not be done.
   * @param attempt from 1 on
   * @param begun when the first was made, by the monotonic clock
   */
  after(
    error: unknown,
    { method, contentType, repeatable }: Request,
    attempt: number,
    begun: number,
  ): { why: string; waitMs: number } | undefined {
    const trouble = this.failed(error);
    // Applies are safe to repeat, as reads are.
    const mayRepeat = repeatable ?? (method === 'GET' || contentType === applyType);
    if (!trouble || !(trouble.notDone || mayRepeat)) return undefined;
    const { retryAfterMs = 0 } = error as { retryAfterMs?: number };
    // Many that were sent away together must not come back together.
    const jittered = Math.min(100 * 2 ** attempt, longestPauseMs) * (0.5 + Math.random());
    const waitMs = Math.min(retryAfterMs, longestRetryAfterMs) + jittered;
    const { what, isRestart } = trouble;
    if (this.isKnown && isRestart && performance.now() + waitMs < begun + this.waitedForMs)
      return { why: `${what}; it is waited for`, waitMs };
    return attempt < attempts ? { why: `${what}; try ${attempt + 1} of ${attempts}`, waitMs } : undefined;
  }
}

function troubleOf(error: unknown, comesUp: boolean): Trouble | undefined {
  if (error instanceof UnreachableError) {
    const what = connectionCode(error.cause ?? {});
    const notDone = notTaken.has(what);
    return notDone || cut.has(what) ? { what, notDone, isRestart: true } : undefined;
  }
  if (!(error instanceof ApiError)) return undefined;
  const { status, message } = error;
  const what = `HTTP status ${status}`;
  if (isRefusal(error)) return comesUp ? { what, notDone: true, isRestart: true } : undefined;
  if (status === 429) return { what, notDone: true, isRestart: true };
  if (!passing.has(status)) return undefined;
  // By 500 a server also says that a webhook does not answer.
  return { what, notDone: false, isRestart: status !== 500 || message.includes('etcdserver') };
}

/** The server does not know the credentials, or they have no right to it. */
function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 401 || isDenied(error));
}
