/** What a service answered. */
export interface Answer {
  status: number;
  /** Parsed JSON; undefined when it was none. */
  body: unknown;
}

/** A service that this one needs gave no answer, or one that says: not now. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}

/**
 * Asks another service.
 * @param service its name, for the error
 * @throws UnavailableError when it does not answer within `timeoutMs`, or answers 502, 503 or 504
 */
export async function ask(
  service: string,
  url: URL,
  timeoutMs: number,
  request: Pick<RequestInit, 'method' | 'body' | 'headers'> = {},
): Promise<Answer> {
  let status: number;
  let text: string;
  try {
    // A redirect would be nobody's of this system.
    const response = await fetch(url, {
      ...request,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    status = response.status;
    text = await response.text();
  } catch (error) {
    throw new UnavailableError(`${service} does not answer: ${reason(error, timeoutMs)}`, { cause: error });
  }
  const body = parsed(text);
  if (status >= 502 && status <= 504) {
    throw new UnavailableError(`${service} is not available: ${errorOf(body) ?? `it answered ${status}`}`);
  }
  return { status, body };
}

/** The text that a service of this system sends with a refusal. */
export function errorOf(body: unknown): string | undefined {
  const { error } = (body ?? {}) as { error?: unknown };
  return typeof error === 'string' ? error : undefined;
}

function reason(error: unknown, timeoutMs: number): string {
  const { name, message, cause } = error as { name?: string; message?: string; cause?: unknown };
  if (name === 'TimeoutError') return `nothing came within ${timeoutMs} ms`;
  // fetch says "fetch failed" and keeps what happened as the cause.
  const { code, message: inner } = (cause ?? {}) as { code?: string; message?: string };
  return inner || code || message || String(error);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
