import type { DeployEvent, DeployStep } from './events';

/** Whoever prints, stops, and says what time it is. */
export interface Watched {
  onEvent?: (event: DeployEvent) => void;
  signal?: AbortSignal;
  /** Now, in milliseconds since 1970. */
  clock?: () => number;
}

/** Does one step, and tells when it starts and ends. */
export type Step = <Result>(name: DeployStep, work: () => Promise<Result>) => Promise<Result>;

/** Steps of one run; none begins once it is interrupted. */
export function stepsOf({ onEvent: tell, signal, clock = Date.now }: Watched): Step {
  return async (name, work) => {
    // What was done is recorded even when the person has had enough.
    if (name !== 'record') signal?.throwIfAborted();
    const start = clock();
    const ended = (state: 'finished' | 'failed') =>
      tell?.({ kind: 'step', step: name, state, milliseconds: clock() - start });
    tell?.({ kind: 'step', step: name, state: 'started' });
    try {
      const result = await work();
      ended('finished');
      return result;
    } catch (error) {
      ended('failed');
      throw error;
    }
  };
}
