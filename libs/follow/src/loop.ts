import { setTimeout as delay } from 'node:timers/promises';

export interface LoopOptions {
  /** `woken` is false when only time has passed, or the round before has failed. */
  round: (woken: boolean) => Promise<void>;
  /** Told of a round that failed, how many did so one after the other, and the pause before the next. */
  onFailure: (error: unknown, failures: number, pauseMs: number) => void;
  /** Milliseconds after which there is a round though nobody has woken the loop; asked after each round. */
  pollMs?: number | (() => number);
  /** Milliseconds before a failed round is tried again: doubled each time from the first to the longest. */
  retryMs?: { first: number; longest: number };
}

/** One round at once, and one more each time it is woken: however often that is during a round, one follows. */
export class Loop {
  #woken = true;
  #wakeUp: () => void = () => undefined;

  constructor(private readonly options: LoopOptions) {}

  wake(): void {
    this.#woken = true;
    this.#wakeUp();
  }

  /** Goes on until the signal. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { round, onFailure, retryMs = { first: 50, longest: 2000 } } = this.options;
    let failures = 0;
    while (!signal.aborted) {
      const woken = this.#woken;
      this.#woken = false;
      try {
        await round(woken);
        failures = 0;
        await this.#untilWoken(signal);
      } catch (error) {
        const pause = Math.min(retryMs.first * 2 ** failures, retryMs.longest) * (0.5 + Math.random() / 2);
        failures++;
        onFailure(error, failures, Math.round(pause));
        await delay(pause, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #untilWoken(signal: AbortSignal): Promise<void> {
    if (this.#woken || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const { pollMs = 1000 } = this.options;
      const timer = setTimeout(done, typeof pollMs === 'number' ? pollMs : pollMs());
      signal.addEventListener('abort', done);
      this.#wakeUp = done;
    });
  }
}
