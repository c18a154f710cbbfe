import { ask as askOnce, NoAnswerError, type Question } from '@berth/http-service';

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
 * @throws UnavailableError when it gives no answer in time, or answers 502, 503 or 504
 */
export async function ask(service: string, url: URL, question: Question): Promise<Answer> {
  const answer = await askOnce(service, url, question).catch((error: unknown) => {
    if (!(error instanceof NoAnswerError)) throw error;
    throw new UnavailableError(error.message, { cause: error.cause });
  });
  const { status } = answer;
  const body = parsed(answer.body.toString());
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
