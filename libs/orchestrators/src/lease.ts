import { setTimeout as delay } from 'node:timers/promises';
import { LeaseHeldError, type Lease } from '@berth/deploy';
import { UserError } from '@berth/model';

/** Who holds an environment's lease. */
export interface Holder {
  /** For example `ana@laptop`. */
  holder: string;
  /** RFC 3339. */
  since: string;
  expires: Date;
}

/** A lease that was taken, by the means of one orchestrator. */
export interface Holding {
  /** Milliseconds from now on for which it is ours, unless it is renewed: others may take it then. */
  remainingMs(): number;
  /** @returns false when it is no longer ours */
  renew(): Promise<boolean>;
  giveBack(): Promise<void>;
}

/**
 * Renews a lease that was taken until it is released.
 * @param renewMs milliseconds from one renewal to the next
 * @param hold gets what is aborted when the lease is lost
 */
export function keepLease(environment: string, renewMs: number, hold: (lost: AbortSignal) => Holding): Lease {
  const lost = new AbortController();
  const holding = hold(lost.signal);
  const lose = () =>
    lost.abort(
      new UserError(
        `The lease on ${environment} was lost: it could not be renewed in time, or somebody else took it.`,
        `nx status ${environment} shows who deploys; then run the same command again.`,
      ),
    );
  // Others may take it once it has not been renewed in time: then we must have stopped.
  const loseInTime = () => setTimeout(lose, holding.remainingMs()).unref();
  let expiry = loseInTime();
  /** @returns milliseconds until the next renewal */
  const renewOnce = async (): Promise<number> => {
    try {
      if (await holding.renew()) {
        clearTimeout(expiry);
        expiry = loseInTime();
      } else lose();
      return renewMs;
    } catch {
      // Soon again: when no try succeeds in time, it is lost.
      return renewMs / 10;
    }
  };
  const stopping = new AbortController();
  const stopped = AbortSignal.any([stopping.signal, lost.signal]);
  // One after the other: two at once would take each other for a thief.
  const renewals = (async () => {
    for (let wait = renewMs; ; wait = await renewOnce()) {
      // A forgotten lease must not keep a process alive.
      await delay(wait, undefined, { signal: stopped, ref: false }).catch(() => undefined);
      if (stopped.aborted) return;
    }
  })();
  let released: Promise<void> | undefined;
  return {
    lost: lost.signal,
    release: () =>
      (released ??= (async () => {
        stopping.abort();
        await renewals;
        // What cannot be released expires, and is another's then.
        if (!lost.signal.aborted) await holding.giveBack().catch(() => undefined);
        clearTimeout(expiry);
      })()),
  };
}

/** What is told to who finds the lease taken. */
export function heldBy(environment: string, { holder, since, expires }: Holder, now: Date): LeaseHeldError {
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(since)) / 1000));
  const left = Math.max(0, Math.ceil((expires.getTime() - now.getTime()) / 1000));
  return new LeaseHeldError(
    `${environment} is being deployed by ${holder} since ${since.slice(0, 19).replace('T', ' ')} UTC (${seconds} s ago).`,
    `${holder} ${since}`,
    `Wait for it with --wait; when that process is dead, its lease ends by itself in ${left} s. nx status ${environment} shows who deploys.`,
  );
}
