import { setTimeout as pause } from 'node:timers/promises';

/** Waits until it holds. @throws Error after a minute */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const limit = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > limit) throw new Error('It did not come within a minute.');
    await pause(200);
  }
}
