import { randomUUID } from 'node:crypto';
import type { Lease } from '@berth/deploy';
import { heldBy, keepLease, type Holder } from '../lease';
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
  const since = await take(client, environment, identity, timing.durationSeconds);
  const durationMs = timing.durationSeconds * 1000;
  // By our monotonic clock.
  let asked = performance.now();
  return keepLease(environment, timing.renewMs, () => ({
    remainingMs: () => asked + durationMs - performance.now(),
    renew: async () => {
      const now = performance.now();
      const hold = { identity, since, seconds: timing.durationSeconds };
      const isOurs = await change(client, environment, identity, hold);
      if (isOurs) asked = now;
      return isOurs;
    },
    giveBack: async () => void (await change(client, environment, identity, undefined)),
  }));
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
    if (held && found?.Spec.Labels?.[labels.holder] !== identity) throw heldBy(environment, held, now);
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
