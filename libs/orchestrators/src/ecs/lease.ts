import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Lease, LeaseHeldError } from '@berth/deploy';
import { parameterPath } from '@berth/manifests';
import { UserError } from '@berth/model';
import { heldBy, keepLease } from '../lease';
import type { Aws } from './aws';
import { isAwsError } from './aws-error';
import { entryOf, holdAfter, type DatedEntry, type Hold, type LeaseEntry } from './lease-log';
import { writeParameter } from './parameters';

/** How often a lease is renewed and for how long it holds. */
export interface LeaseTiming {
  seconds: number;
  renewMs: number;
}

/** A holder that has died keeps others waiting for a minute. */
const standard: LeaseTiming = { seconds: 60, renewMs: 20_000 };

/** Milliseconds in which what was written can be read everywhere. */
const settleMs = 10_000;

export const leaseParameter = (environment: string) => parameterPath(environment, 'lease');

/** Who holds the lease now, by AWS' clock as far as it is known; undefined when nobody does. */
export async function readHold(aws: Aws, environment: string, now: Date): Promise<Hold | undefined> {
  const { entries } = await read(aws, environment);
  const hold = holdAfter(entries);
  return hold && hold.expires > now ? hold : undefined;
}

/**
 * Takes the environment's lease and renews it until it is released.
 * @throws LeaseHeldError that says who holds it and since when
 */
export async function acquireLease(
  aws: Aws,
  environment: string,
  holder: string,
  { seconds, renewMs }: LeaseTiming = standard,
): Promise<Lease> {
  const id = randomUUID();
  const entry = (kind: LeaseEntry['kind']): LeaseEntry => ({ id, holder, kind, seconds });
  // Most that are held are found so, without an entry more.
  const held = await readHold(aws, environment, new Date());
  if (held) throw busy(environment, held);
  let asked = performance.now();
  const version = await append(aws, environment, entry('claim'));
  const first = holdAfter(await readUpTo(aws, environment, version));
  if (first?.id !== id) throw first ? busy(environment, first) : new Error('a claim was not the last entry');

  return keepLease(environment, renewMs, () => ({
    // Counted from before the entry was asked for: for others it may begin only later.
    remainingMs: () => asked + seconds * 1000 - performance.now(),
    renew: async () => {
      const now = performance.now();
      const renewed = await append(aws, environment, entry('renewal'));
      const isOurs = holdAfter(await readUpTo(aws, environment, renewed))?.id === id;
      if (isOurs) asked = now;
      return isOurs;
    },
    giveBack: async () => void (await append(aws, environment, entry('release'))),
  }));
}

/** @returns the version that this entry has */
async function append(aws: Aws, environment: string, entry: LeaseEntry): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await writeParameter(aws, leaseParameter(environment), JSON.stringify(entry));
    } catch (error) {
      // Two that write at the same moment: one of them is told to come again.
      if (attempt === 5 || !isAwsError(error, 'TooManyUpdates')) throw error;
      await delay(200 * attempt);
    }
  }
}

/** Every entry up to a version that was written, without a gap: answers may be a little old. */
async function readUpTo(aws: Aws, environment: string, version: number): Promise<DatedEntry[]> {
  for (const end = performance.now() + settleMs; ;) {
    const { entries, versions } = await read(aws, environment);
    const upTo = [...new Set(versions)].filter((each) => each <= version);
    const isWhole = upTo.at(-1) === version && version - (upTo[0] ?? version) === upTo.length - 1;
    if (isWhole) return entries.filter((each) => each.version <= version);
    if (performance.now() > end)
      throw new UserError(
        `What was written to ${leaseParameter(environment)} cannot be read: Systems Manager has no version ${version} of it after ${settleMs / 1000} s.`,
        'Run the same command again.',
      );
    await delay(250);
  }
}

async function read(aws: Aws, environment: string): Promise<{ entries: DatedEntry[]; versions: number[] }> {
  const ssm = await aws.ssm();
  const found: { version: number; value: string; at: Date }[] = [];
  let NextToken: string | undefined;
  try {
    do {
      const page = await ssm.getParameterHistory({
        Name: leaseParameter(environment),
        MaxResults: 50,
        ...(NextToken ? { NextToken } : {}),
      });
      for (const { Version = 0, Value = '', LastModifiedDate = new Date(0) } of page.Parameters ?? [])
        found.push({ version: Version, value: Value, at: LastModifiedDate });
      NextToken = page.NextToken;
    } while (NextToken);
  } catch (error) {
    if (!isAwsError(error, 'ParameterNotFound')) throw error;
  }
  found.sort((one, other) => one.version - other.version);
  return {
    entries: found.flatMap(({ value, version, at }) => entryOf(value, version, at)),
    versions: found.map(({ version }) => version),
  };
}

function busy(environment: string, { holder, since, expires }: Hold): LeaseHeldError {
  return heldBy(environment, { holder, since: since.toISOString(), expires }, new Date());
}
