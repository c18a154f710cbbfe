import type { Step } from '@berth/clusters';
import type { Progress } from './progress';

/**
 * Runs steps one after the other, and does not wait for those that nothing needs.
 * @returns what waits for these, and throws what the first of them has thrown
 */
export async function runSteps(
  progress: Pick<Progress, 'step'>,
  steps: readonly Step[],
): Promise<() => Promise<void>> {
  const beside: Promise<void>[] = [];
  for (const step of steps) {
    const running = progress.step(step.title, (log) => step.run(log));
    if (step.isNeededByNothing) beside.push(running);
    else await running;
    // Until it is waited for, a failure of it is no unhandled one.
    running.catch(() => undefined);
  }
  return async () => {
    await Promise.all(beside);
  };
}
