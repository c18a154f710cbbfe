import type { Step } from '../../provider';
import type { Machine } from '../machine';
import type { CheckedStep } from '../step';
import type { Host } from './host';

/** One step that is done to several hosts at once. One that fails stops no other, and is told when all have ended. */
export async function onEach(
  title: string,
  hosts: readonly Host[],
  make: (machine: Machine, host: Host) => CheckedStep | Promise<CheckedStep>,
): Promise<CheckedStep> {
  const all = await Promise.all(
    hosts.map(async (host) => ({ nodeName: host.nodeName, step: await make(host.machine, host) })),
  );
  return {
    ...atOnce(title, all),
    done: async () => (await Promise.all(all.map(({ step }) => step.done()))).every(Boolean),
    run: async (log) => {
      const done = await Promise.all(all.map(({ step }) => step.done().catch(() => false)));
      const missing = all.filter((_, index) => !done[index]);
      await atOnce(title, missing).run(log);
    },
  };
}

/** The steps that a host needs, in their order. */
export interface HostPlan {
  nodeName: string;
  steps: readonly Step[];
}

/**
 * The plans of several hosts as one: steps of the same title are done on all of their hosts at once. The plans have
 * their steps in the same order, each without those that it does not need.
 */
export function sideBySide(plans: readonly HostPlan[]): Step[] {
  const left = plans.map(({ nodeName, steps }) => ({ nodeName, steps: [...steps] }));
  const merged: Step[] = [];
  for (;;) {
    const next = left.flatMap(({ steps }) => steps[0]?.title ?? []);
    if (next.length === 0) return merged;
    // One that no plan has behind another.
    const title = next.find((one) =>
      left.every(({ steps }) => steps.slice(1).every((step) => step.title !== one)),
    );
    if (title === undefined) throw new Error(`not in the same order everywhere: ${next.join(', ')}`);
    const now = left.filter(({ steps }) => steps[0]?.title === title);
    const names = now.map(({ nodeName }) => nodeName).join(', ');
    merged.push(
      atOnce(
        `${title} on ${names}`,
        now.flatMap(({ nodeName, steps }) => steps.splice(0, 1).map((step) => ({ nodeName, step }))),
      ),
    );
  }
}

function atOnce(title: string, all: readonly { nodeName: string; step: Step }[]): Step {
  return {
    title,
    details: all.flatMap(({ nodeName, step }) => step.details.map((detail) => `${nodeName}: ${detail}`)),
    run: async (log) => {
      const ends = await Promise.allSettled(
        all.map(({ nodeName, step }) => step.run((line) => log(`${nodeName}: ${line}`))),
      );
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
  };
}
