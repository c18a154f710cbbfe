import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { LeaseHeldError, type Lease } from '@berth/deploy';
import { UserError } from '@berth/model';
import type { KubernetesObject } from '@berth/manifests';
import {
  ApiError,
  referenceOf,
  UnreachableError,
  type KubeClient,
  type LiveObject,
  type UrgentOptions,
} from '@berth/kube';
import { fieldManager, leaseName } from './names';

/** A holder that has died keeps others waiting for half a minute. One that lives outlasts a restart of the API server. */
const standard: LeaseTiming = { durationSeconds: 30, renewMs: 10_000 };

interface LeaseSpec {
  holderIdentity?: string;
  acquireTime?: string;
  renewTime?: string;
  leaseDurationSeconds?: number;
}

/** Who holds an environment's lease now; undefined when nobody does, or the holder has not renewed it in time. */
export function holderOf(
  lease: LiveObject | undefined,
  now: Date,
): { holder: string; since: string; expires: Date } | undefined {
  const { holderIdentity, acquireTime = '' } = (lease?.spec ?? {}) as LeaseSpec;
  if (!lease || !holderIdentity) return undefined;
  const expires = expiryOf(lease);
  return expires > now
    ? { holder: holderIdentity.split('#')[0] ?? '', since: acquireTime, expires }
    : undefined;
}

/** By the server's clock. */
function expiryOf({ spec }: LiveObject): Date {
  const { renewTime = '', leaseDurationSeconds = standard.durationSeconds } = spec as LeaseSpec;
  return new Date(Date.parse(renewTime) + leaseDurationSeconds * 1000);
}

export function readLease(
  client: KubeClient,
  environment: string,
  options: UrgentOptions = {},
): Promise<LiveObject | undefined> {
  return client.get(
    { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', name: leaseName, namespace: environment },
    options,
  );
}

/** How often a lease is renewed and for how long it holds. */
export interface LeaseTiming {
  durationSeconds: number;
  renewMs: number;
}

/**
 * Takes the environment's lease and renews it until it is released.
 * Times are compared by the API server's clock, so that machines with wrong clocks do not steal from each other.
 * @throws UserError that says who holds it and since when.
 */
export async function acquireLease(
  client: KubeClient,
  environment: string,
  holder: string,
  { durationSeconds, renewMs }: LeaseTiming = standard,
): Promise<Lease> {
  const identity = `${holder}#${randomUUID()}`;
  const lost = new AbortController();
  const holding = client.stoppedBy(lost.signal);
  const lose = () =>
    lost.abort(
      new UserError(
        `The lease on ${environment} was lost: it could not be renewed in time, or somebody else took it.`,
        `nx status ${environment} shows who deploys; then run the same command again.`,
      ),
    );
  let current = await take(client, environment, identity, durationSeconds);
  // Others may take it once it has not been renewed in time: then we must have stopped.
  const loseInTime = () => setTimeout(lose, expiryOf(current).getTime() - client.now().getTime()).unref();
  let expiry = loseInTime();
  /** @returns milliseconds until the next renewal */
  const renewOnce = async (): Promise<number> => {
    try {
      const renewed = await renew(holding, current, identity, { onceWithinMs: (durationSeconds * 1000) / 6 });
      if (!renewed) lose();
      else {
        current = renewed;
        clearTimeout(expiry);
        expiry = loseInTime();
      }
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
        await giveBack(holding, current, identity).catch(() => undefined);
        clearTimeout(expiry);
      })()),
  };
}

async function giveBack(client: KubeClient, lease: LiveObject, identity: string): Promise<void> {
  const { namespace = '', resourceVersion } = lease.metadata;
  try {
    await client.delete(referenceOf(lease), { resourceVersion });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // An answer of ours that was lost on its way has changed it, or it is another's.
    const now = await readLease(client, namespace);
    if (!now || identityOf(now) !== identity || now.metadata.resourceVersion === resourceVersion) return;
    await giveBack(client, now, identity);
  }
}

/** How often it is tried when others take and give back the lease at the same moment. */
const attempts = 3;

async function take(
  client: KubeClient,
  environment: string,
  identity: string,
  durationSeconds: number,
): Promise<LiveObject> {
  // The server's clock is known once it has answered anything.
  await client.resource('coordination.k8s.io/v1', 'Lease');
  for (let attempt = 0; ; attempt++) {
    // Whoever is done takes it away: most often there is none, and no need to look first.
    const found = attempt === 0 ? undefined : await readLease(client, environment);
    const now = client.now();
    const held = holderOf(found, now);
    // It may be ours already, by a try whose answer was lost.
    if (held && identityOf(found) !== identity) throw busy(environment, held, now);
    const time = microTime(now);
    const lease: KubernetesObject = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        name: leaseName,
        namespace: environment,
        ...(found ? { resourceVersion: found.metadata.resourceVersion } : {}),
      },
      spec: {
        holderIdentity: identity,
        acquireTime: time,
        renewTime: time,
        leaseDurationSeconds: durationSeconds,
      },
    };
    try {
      return await (found ? client.replace(lease, { fieldManager }) : client.create(lease, { fieldManager }));
    } catch (error) {
      if (attempt === attempts) throw error;
      if (isOutcomeUnknown(error)) continue;
      // Somebody was faster: the next look says who, or that it is free again.
      if (!isRefusal(error) || !(await namespaceIsThere(client, environment))) throw error;
    }
  }
}

async function namespaceIsThere(client: KubeClient, environment: string): Promise<boolean> {
  return (await client.get({ apiVersion: 'v1', kind: 'Namespace', name: environment })) !== undefined;
}

/** Undefined when it is no longer ours. */
async function renew(
  client: KubeClient,
  lease: LiveObject,
  identity: string,
  options: UrgentOptions,
): Promise<LiveObject | undefined> {
  const { name, namespace = '', resourceVersion } = lease.metadata;
  const { apiVersion, kind } = lease;
  const spec = { ...(lease.spec as LeaseSpec), renewTime: microTime(client.now()) };
  try {
    return await client.replace(
      { apiVersion, kind, metadata: { name, namespace, resourceVersion }, spec },
      { fieldManager, ...options },
    );
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // An answer of ours that was lost on its way has changed it too.
    const now = await readLease(client, namespace, options);
    if (!now || identityOf(now) !== identity) return undefined;
    return now.metadata.resourceVersion === resourceVersion
      ? undefined
      : renew(client, now, identity, options);
  }
}

function identityOf(lease: LiveObject | undefined): string | undefined {
  return (lease?.spec as LeaseSpec | undefined)?.holderIdentity;
}

/** It may have been done although the answer says otherwise, or never came. */
function isOutcomeUnknown(error: unknown): boolean {
  return error instanceof UnreachableError || (error instanceof ApiError && error.status >= 500);
}

/** It is not as it was read, or not there. */
function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 409 || error.status === 404);
}

function busy(
  environment: string,
  { holder, since, expires }: { holder: string; since: string; expires: Date },
  now: Date,
): LeaseHeldError {
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(since)) / 1000));
  const left = Math.max(0, Math.ceil((expires.getTime() - now.getTime()) / 1000));
  return new LeaseHeldError(
    `${environment} is being deployed by ${holder} since ${since.slice(0, 19).replace('T', ' ')} UTC (${seconds} s ago).`,
    `${holder} ${since}`,
    `Wait for it with --wait; when that process is dead, its lease ends by itself in ${left} s. nx status ${environment} shows who deploys.`,
  );
}

/** Kubernetes' MicroTime has six digits after the point. */
function microTime(date: Date): string {
  return date.toISOString().replace('Z', '000Z');
}
