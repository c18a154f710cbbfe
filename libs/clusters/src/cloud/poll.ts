import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '@berth/model';

/** How a long operation is followed. */
export interface Patience {
  /** Milliseconds between two questions. */
  everyMs: number;
  /** Milliseconds after which it is given up. */
  limitMs: number;
  /** How often in a row a question may fail because the network is gone. */
  failures: number;
}

/** Clouds take minutes over a cluster; an hour is longer than any takes that will come to an end. */
export const PATIENCE: Patience = { everyMs: 5_000, limitMs: 60 * 60_000, failures: 5 };

export interface Following<State> {
  /** What it is, for example `the creation of the cluster prod`. */
  what: string;
  ask: () => Promise<State>;
  /** What to tell a person who waits; told again only when it changes. */
  describe: (state: State) => string;
  isDone: (state: State) => boolean;
  /** Whether an error of `ask` is one of the network, which may come back. */
  isPassing: (error: unknown) => boolean;
}

/**
 * Asks until it is done, and tells of each change.
 * @throws UserError when it takes too long, and whatever `ask` throws that does not pass
 */
export async function follow<State>(
  { what, ask, describe, isDone, isPassing }: Following<State>,
  progress: (line: string) => void,
  { everyMs, limitMs, failures: limit }: Patience,
): Promise<State> {
  const end = Date.now() + limitMs;
  let told = '';
  let failures = 0;
  for (;;) {
    try {
      const state = await ask();
      failures = 0;
      const line = describe(state);
      if (line !== told) progress(line);
      told = line;
      if (isDone(state)) return state;
    } catch (error) {
      failures += 1;
      if (!isPassing(error) || failures > limit) throw error;
      progress(`no answer, asking again (${failures} of ${limit})`);
    }
    if (Date.now() > end) {
      throw new UserError(
        `${what} has not come to an end within ${Math.round(limitMs / 60_000)} minutes.`,
        'Run the same command again: it follows what is under way.',
      );
    }
    await delay(everyMs);
  }
}
