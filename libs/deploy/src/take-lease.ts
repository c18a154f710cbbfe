import { setTimeout as pause } from 'node:timers/promises';
import type { DeployRequest } from './deploy';
import type { DeployEvent } from './events';
import { LeaseHeldError, type Lease, type Leasing } from './orchestrator';

/** Milliseconds between two looks at a lease that somebody else holds. */
const lookMs = 1000;

/**
 * Takes the environment's lease. With `wait`, waits until whoever holds it is done: a deploy has a time limit of its
 * own, and the lease of one that has died ends by itself.
 * @throws LeaseHeldError without `wait`
 */
export async function takeLease(
  target: Leasing,
  { environment, author, wait, signal }: Pick<DeployRequest, 'environment' | 'author' | 'wait' | 'signal'>,
  tell: (event: DeployEvent) => void,
): Promise<Lease> {
  let told = '';
  for (;;) {
    try {
      return await target.acquire(environment, author);
    } catch (error) {
      if (!wait || !(error instanceof LeaseHeldError)) throw error;
      if (error.holder !== told) tell({ kind: 'notice', message: `${error.message} Waiting.` });
      told = error.holder;
    }
    await pause(lookMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}
