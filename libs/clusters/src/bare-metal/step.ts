import type { Step } from '../provider';

/** A step that can tell whether it is needed. */
export interface CheckedStep extends Step {
  /** Whether the machine is already as this step would leave it. Quick, and changes nothing. */
  done(): Promise<boolean>;
}

/** Those of `steps` that are still needed, in order; every check runs at once. A check that fails counts as not done. */
export async function missingSteps(steps: readonly CheckedStep[]): Promise<Step[]> {
  const done = await Promise.all(steps.map((step) => step.done().catch(() => false)));
  return steps
    .filter((_, index) => !done[index])
    .map((step) => ({
      title: step.title,
      details: step.details,
      run: async (log) => {
        // A step before this one may have brought it about: after a power cut nearly everything is there again.
        if (await step.done().catch(() => false)) return log('is already so');
        await step.run(log);
      },
    }));
}
