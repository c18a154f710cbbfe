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
    hosts.map(async (host) => ({ name: host.nodeName, step: await make(host.machine, host) })),
  );
  return {
    title,
    details: all.flatMap(({ name, step }) => step.details.map((detail) => `${name}: ${detail}`)),
    done: async () => (await Promise.all(all.map(({ step }) => step.done()))).every(Boolean),
    run: async (log) => {
      const ends = await Promise.allSettled(
        all.map(async ({ name, step }) => {
          if (await step.done().catch(() => false)) return;
          await step.run((line) => log(`${name}: ${line}`));
        }),
      );
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
  };
}
