import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { LeaseHeldError, type Lease } from '@berth/deploy';
import { parameterPath } from '@berth/manifests';
import { UserError } from '@berth/model';
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

  const lost = new AbortController();
  const lose = () =>
    lost.abort(
      new UserError(
        `The lease on ${environment} was lost: it could not be renewed in time, or somebody else took it.`,
        `nx status ${environment} shows who deploys; then run the same command again.`,
      ),
    );
  // Counted from before the entry was asked for: for others it may begin only later.
  const loseInTime = () => setTimeout(lose, asked + seconds * 1000 - performance.now()).unref();
  let expiry = loseInTime();
  const renewOnce = async (): Promise<number> => {
    const now = performance.now();
    try {
      const renewed = await append(aws, environment, entry('renewal'));
      if (holdAfter(await readUpTo(aws, environment, renewed))?.id !== id) lose();
      asked = now;
      clearTimeout(expiry);
      expiry = loseInTime();
      return renewMs;
    } catch {
      // Soon again: when no try succeeds in time, it is lost.
      return renewMs / 10;
    }
  };
  const stopping = new AbortController();
  const stopped = AbortSignal.any([stopping.signal, lost.signal]);
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
        clearTimeout(expiry);
        // What cannot be released expires, and is another's then.
        if (!lost.signal.aborted) await append(aws, environment, entry('release')).catch(() => undefined);
      })()),
  };
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
  const now = Date.now();
  const ago = Math.max(0, Math.round((now - since.getTime()) / 1000));
  const left = Math.max(0, Math.ceil((expires.getTime() - now) / 1000));
  const time = since.toISOString();
  return new LeaseHeldError(
    `${environment} is being deployed by ${holder} since ${time.slice(0, 19).replace('T', ' ')} UTC (${ago} s ago).`,
    `${holder} ${time}`,
    `Wait for it with --wait; when that process is dead, its lease ends by itself in ${left} s. nx status ${environment} shows who deploys.`,
  );
}
