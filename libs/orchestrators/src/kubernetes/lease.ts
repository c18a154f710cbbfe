import { randomUUID } from 'node:crypto';
import type { Lease } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import {
  ApiError,
  referenceOf,
  UnreachableError,
  type KubeClient,
  type LiveObject,
  type UrgentOptions,
} from '@berth/kube';
import { heldBy, keepLease, type Holder } from '../lease';
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
export function holderOf(lease: LiveObject | undefined, now: Date): Holder | undefined {
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
  let current = await take(client, environment, identity, durationSeconds);
  return keepLease(environment, renewMs, (lost) => {
    const holding = client.stoppedBy(lost);
    return {
      remainingMs: () => expiryOf(current).getTime() - client.now().getTime(),
      renew: async () => {
        const renewed = await renew(holding, current, identity, {
          onceWithinMs: (durationSeconds * 1000) / 6,
        });
        current = renewed ?? current;
        return renewed !== undefined;
      },
      giveBack: () => giveBack(holding, current, identity),
    };
  });
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
    if (held && identityOf(found) !== identity) throw heldBy(environment, held, now);
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

/** Kubernetes' MicroTime has six digits after the point. */
function microTime(date: Date): string {
  return date.toISOString().replace('Z', '000Z');
}
