import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { LeaseHeldError, type Lease } from '@berth/deploy';
import { UserError } from '@berth/model';
import type { DockerClient } from './docker/client';
import { DockerError } from './docker/errors';
import type { DockerConfig } from './docker/objects';
import { createConfig, isLate } from './mark';
import { kinds, labelsOf, leaseName } from './names';

const labels = {
  holder: 'berth.dev/holder',
  since: 'berth.dev/since',
  renewed: 'berth.dev/renewed',
  seconds: 'berth.dev/seconds',
} as const;

export interface LeaseTiming {
  durationSeconds: number;
  renewMs: number;
}

/** A holder that has died keeps others waiting for half a minute. */
const standard: LeaseTiming = { durationSeconds: 30, renewMs: 10_000 };
/** Milliseconds more: dockerd tells its time in whole seconds, so what we take it for may be one off, twice. */
const doubtMs = 2_000;
const attempts = 5;

export interface Holder {
  holder: string;
  /** RFC 3339. */
  since: string;
  expires: Date;
}

/** Who holds the lease now; undefined when nobody does, or has not renewed it in time. */
export function holderOf(lease: DockerConfig | undefined, now: Date): Holder | undefined {
  const found = lease?.Spec.Labels ?? {};
  const identity = found[labels.holder] ?? '';
  if (identity === '') return undefined;
  const seconds = Number(found[labels.seconds] ?? standard.durationSeconds);
  const expires = new Date(Date.parse(found[labels.renewed] ?? '') + seconds * 1000 + doubtMs);
  return expires > now
    ? { holder: identity.split('#')[0] ?? '', since: found[labels.since] ?? '', expires }
    : undefined;
}

export function readLease(client: DockerClient, environment: string): Promise<DockerConfig | undefined> {
  return client.find(`/configs/${leaseName(environment)}`);
}

/**
 * Takes the environment's lease and renews it until it is released. It is a config, of which only the labels say
 * something: Docker changes them only for who names the version that is there, so that of two who take it at once one is
 * refused. Times are dockerd's.
 * @throws LeaseHeldError that says who holds it and since when
 */
export async function acquireLease(
  client: DockerClient,
  environment: string,
  holder: string,
  timing: LeaseTiming = standard,
): Promise<Lease> {
  const identity = `${holder}#${randomUUID()}`;
  const lost = new AbortController();
  const lose = () =>
    lost.abort(
      new UserError(
        `The lease on ${environment} was lost: it could not be renewed in time, or somebody else took it.`,
        `nx status ${environment} shows who deploys; then run the same command again.`,
      ),
    );
  const since = await take(client, environment, identity, timing.durationSeconds);
  // By our monotonic clock: others may take it once it has not been renewed in time, and then we must have stopped.
  const loseInTime = () => setTimeout(lose, timing.durationSeconds * 1000).unref();
  let expiry = loseInTime();
  const stopping = new AbortController();
  const stopped = AbortSignal.any([stopping.signal, lost.signal]);
  const renewals = (async () => {
    for (let wait = timing.renewMs; ;) {
      await delay(wait, undefined, { signal: stopped, ref: false }).catch(() => undefined);
      if (stopped.aborted) return;
      const at = loseInTime();
      try {
        if (
          await change(client, environment, identity, { identity, since, seconds: timing.durationSeconds })
        ) {
          clearTimeout(expiry);
          expiry = at;
        } else {
          clearTimeout(at);
          lose();
        }
        wait = timing.renewMs;
      } catch {
        // Soon again: when no try succeeds in time, it is lost.
        clearTimeout(at);
        wait = timing.renewMs / 10;
      }
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
        if (!lost.signal.aborted)
          await change(client, environment, identity, undefined).catch(() => undefined);
        clearTimeout(expiry);
      })()),
  };
}

/** @returns since when it is held */
async function take(
  client: DockerClient,
  environment: string,
  identity: string,
  seconds: number,
): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const found = await readLease(client, environment);
    const now = client.now();
    const held = holderOf(found, now);
    // It may be ours already, by a try whose answer was lost.
    if (held && found?.Spec.Labels?.[labels.holder] !== identity) throw busy(environment, held, now);
    const since = now.toISOString();
    try {
      await write(client, environment, found, { identity, since, seconds });
      return since;
    } catch (error) {
      if (attempt === attempts || !(error instanceof DockerError && isLate(error))) throw error;
      // Somebody was faster: the next look says who.
    }
  }
}

interface Hold {
  identity: string;
  since: string;
  seconds: number;
}

/** Renews what is ours, or gives it back. @returns false when it is no longer ours */
async function change(
  client: DockerClient,
  environment: string,
  identity: string,
  hold: Hold | undefined,
): Promise<boolean> {
  const found = await readLease(client, environment);
  if (!found || found.Spec.Labels?.[labels.holder] !== identity) return false;
  await write(client, environment, found, hold);
  return true;
}

async function write(
  client: DockerClient,
  environment: string,
  found: DockerConfig | undefined,
  hold: Hold | undefined,
): Promise<void> {
  const held = hold && {
    [labels.holder]: hold.identity,
    [labels.since]: hold.since,
    [labels.renewed]: client.now().toISOString(),
    [labels.seconds]: String(hold.seconds),
  };
  const all = { ...labelsOf(environment, kinds.lease), ...held };
  if (!found) await createConfig(client, leaseName(environment), all, environment);
  else
    await client.post(`/configs/${found.ID}/update`, {
      query: { version: found.Version.Index },
      body: { ...found.Spec, Labels: all },
    });
}

function busy(environment: string, { holder, since, expires }: Holder, now: Date): LeaseHeldError {
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(since)) / 1000));
  const left = Math.max(0, Math.ceil((expires.getTime() - now.getTime()) / 1000));
  return new LeaseHeldError(
    `${environment} is being deployed by ${holder} since ${since.slice(0, 19).replace('T', ' ')} UTC (${seconds} s ago).`,
    `${holder} ${since}`,
    `Wait for it with --wait; when that process is dead, its lease ends by itself in ${left} s. nx status ${environment} shows who deploys.`,
  );
}
