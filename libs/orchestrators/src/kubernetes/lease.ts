import { randomUUID } from 'node:crypto';
import type { Lease } from '@berth/deploy';
import { UserError } from '@berth/model';
import type { KubernetesObject } from '@berth/manifests';
import { ApiError, type KubeClient, type LiveObject } from '@berth/kube';
import { fieldManager, leaseName } from './names';

/** How long a holder that has died keeps others waiting. */
const durationSeconds = 30;
/** Three tries before it would expire. */
const renewMs = 10_000;

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
  const {
    holderIdentity,
    acquireTime = '',
    renewTime = '',
    leaseDurationSeconds = durationSeconds,
  } = (lease?.spec ?? {}) as LeaseSpec;
  if (!holderIdentity) return undefined;
  const expires = new Date(Date.parse(renewTime) + leaseDurationSeconds * 1000);
  return expires > now
    ? { holder: holderIdentity.split('#')[0] ?? '', since: acquireTime, expires }
    : undefined;
}

export function readLease(client: KubeClient, environment: string): Promise<LiveObject | undefined> {
  return client.get({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    name: leaseName,
    namespace: environment,
  });
}

/**
 * Takes the environment's lease and renews it until it is released.
 * Times are compared by the API server's clock, so that machines with wrong clocks do not steal from each other.
 * @throws UserError that says who holds it and since when.
 */
export async function acquireLease(client: KubeClient, environment: string, holder: string): Promise<Lease> {
  const identity = `${holder}#${randomUUID()}`;
  let current = await take(client, environment, identity);
  const lost = new AbortController();
  let released = false;
  const renewal = setInterval(() => {
    void renew(client, current).then(
      (renewed) => (current = renewed),
      (error: unknown) => {
        const taken = error instanceof ApiError && (error.status === 409 || error.status === 404);
        const expired =
          Date.parse((current.spec as LeaseSpec).renewTime ?? '') + durationSeconds * 1000 <=
          client.now().getTime();
        if ((taken || expired) && !released)
          lost.abort(new UserError(`The lease on ${environment} was lost.`));
      },
    );
  }, renewMs);
  // A forgotten lease must not keep a process alive.
  renewal.unref();
  return {
    lost: lost.signal,
    release: async () => {
      if (released) return;
      released = true;
      clearInterval(renewal);
      const reference = {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        name: leaseName,
        namespace: environment,
      };
      const now = await client.get(reference).catch(() => undefined);
      if ((now?.spec as LeaseSpec | undefined)?.holderIdentity !== identity) return;
      // What cannot be released expires.
      await client
        .delete(reference, { resourceVersion: now?.metadata.resourceVersion ?? '' })
        .catch(() => undefined);
    },
  };
}

async function take(client: KubeClient, environment: string, identity: string): Promise<LiveObject> {
  const found = await readLease(client, environment);
  const now = client.now();
  const held = holderOf(found, now);
  if (held) throw busy(environment, held, now);
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
    if (!(error instanceof ApiError && error.status === 409)) throw error;
    const winner = holderOf(await readLease(client, environment), client.now());
    throw winner ? busy(environment, winner, now) : error;
  }
}

function renew(client: KubeClient, lease: LiveObject): Promise<LiveObject> {
  const spec = { ...(lease.spec as LeaseSpec), renewTime: microTime(client.now()) };
  const { name, namespace, resourceVersion } = lease.metadata;
  return client.replace(
    {
      apiVersion: lease.apiVersion,
      kind: lease.kind,
      metadata: { name, ...(namespace ? { namespace } : {}), resourceVersion },
      spec,
    },
    { fieldManager },
  );
}

function busy(
  environment: string,
  { holder, since, expires }: { holder: string; since: string; expires: Date },
  now: Date,
): UserError {
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(since)) / 1000));
  const left = Math.max(0, Math.ceil((expires.getTime() - now.getTime()) / 1000));
  return new UserError(
    `${environment} is being deployed by ${holder} since ${since.slice(0, 19).replace('T', ' ')} UTC (${seconds} s ago).`,
    `Wait for it; when that process is dead, its lease ends by itself in ${left} s. nx status ${environment} shows who deploys.`,
  );
}

/** Kubernetes' MicroTime has six digits after the point. */
function microTime(date: Date): string {
  return date.toISOString().replace('Z', '000Z');
}
