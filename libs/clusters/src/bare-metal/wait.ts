import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '@berth/model';

/**
 * Waits until `condition` holds; an error of it counts as not yet.
 * @param what the failure, for example `CoreDNS was not ready`
 * @throws UserError with `hint` when it does not within `seconds`.
 */
export async function waitUntil(
  what: string,
  seconds: number,
  hint: string,
  condition: () => Promise<boolean>,
): Promise<void> {
  const until = Date.now() + seconds * 1000;
  let last: unknown;
  for (;;) {
    try {
      if (await condition()) return;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > until) throw new UserError(`${what} within ${seconds} s`, hint, { cause: last });
    await delay(100);
  }
}
