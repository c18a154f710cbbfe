import { UnavailableError } from './ask';

export interface Retry {
  /** Milliseconds. */
  wait: (ms: number) => Promise<void>;
  /** From 0 to 1. */
  random: () => number;
  /** Told before each pause. */
  onFailure: (error: Error, pauseMs: number) => void;
}

/**
 * Asks again, with growing, jittered pauses, when a service is not available: for what does no harm when it arrives
 * twice, since a service that gave no answer may have got the question.
 * @param attempts how often it is asked at most
 * @throws UnavailableError of the last attempt; any other error at once
 */
export async function again<Result>(
  once: () => Promise<Result>,
  attempts: number,
  retry: Retry,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof UnavailableError) || attempt === attempts) throw error;
      const pause = 100 * 2 ** attempt * (0.5 + retry.random() / 2);
      retry.onFailure(error, pause);
      await retry.wait(pause);
    }
  }
}
