import type { Step } from '../provider';

/** A step that can tell whether it is needed. */
export interface CheckedStep extends Step {
  /** Whether the machine is already as this step would leave it. Quick, and changes nothing. */
  done(): Promise<boolean>;
}

/** Those of `steps` that are still needed, in order; every check runs at once. A check that fails counts as not done. */
export async function missingSteps(steps: readonly CheckedStep[]): Promise<Step[]> {
  const done = await Promise.all(steps.map(isDone));
  return steps
    .filter((_, index) => !done[index])
    .map((step) => ({
      title: step.title,
      details: step.details,
      ...(step.isNeededByNothing && { isNeededByNothing: true }),
      run: async (log) => {
        // A step before this one may have brought it about: after a power cut nearly everything is there again.
        if (await isDone(step)) return log('is already so');
        await step.run(log);
      },
    }));
}

/** Steps as one, which does those that are needed at once. One that fails stops no other, and is told when all have ended. */
export function together(title: string, steps: readonly CheckedStep[]): CheckedStep {
  return {
    title,
    details: steps.flatMap(({ details }) => details),
    done: async () => (await Promise.all(steps.map(isDone))).every(Boolean),
    run: async (log) => {
      const ends = await Promise.allSettled((await missingSteps(steps)).map((step) => step.run(log)));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
  };
}

/** Asynchronous, so that a check that throws at once, as for a file that only root may read, counts too. */
async function isDone(step: CheckedStep): Promise<boolean> {
  try {
    return await step.done();
  } catch {
    return false;
  }
}
