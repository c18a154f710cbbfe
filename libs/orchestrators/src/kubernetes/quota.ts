import { nameOf, type Change } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import type { KubeClient } from '@berth/kube';
import { demandOf, podsOf } from './demand';
import { listIfAllowed } from './list-if-allowed';
import { containerAmounts, podAmounts, type Amounts, type Limits, type PodContainers } from './pod-resources';
import { quantity, quantityText } from './quantity';
import { isInScopes, scopesOf, type QuotaScope } from './quota-scopes';

interface Quota {
  name: string;
  hard: Readonly<Record<string, string>>;
  used: Readonly<Record<string, string>>;
  /** It counts what is in all of these; everything when there is none. */
  scopes: readonly QuotaScope[];
}

type NamedLimits = Limits & { name: string };

/**
 * Why the namespace's ResourceQuotas and LimitRanges would keep pods from being made. What is there counts as the
 * quota's controller says; quotas with scopes that are not known here are left to the server.
 */
export async function quotaProblems(
  client: KubeClient,
  environment: string,
  desired: readonly KubernetesObject[],
  changes: readonly Change[],
): Promise<string[]> {
  const touched = changes.filter(({ action, desired: wanted }) => action !== 'same' && wanted);
  if (touched.length === 0) return [];
  const [quotas, ranges] = await Promise.all([
    inForce(client, environment, 'ResourceQuota', desired).then((objects) => objects.flatMap(quotaOf)),
    inForce(client, environment, 'LimitRange', desired).then((objects) => objects.flatMap(limitsOf)),
  ]);
  if (quotas.length === 0 && ranges.length === 0) return [];
  const [claims, plurals] = await Promise.all([
    listIfAllowed(client, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: environment }),
    Promise.all(
      touched.map(
        async (change) =>
          [change, (await client.resource(change.object.apiVersion, change.object.kind))?.plural] as const,
      ),
    ).then((entries) => new Map(entries)),
  ]);
  const isCounted = ({ scopes }: Quota, pods: PodContainers) => isInScopes(pods, scopes, ranges);
  const demandFor = (quota: Quota) =>
    demandOf(touched, {
      desired,
      ranges,
      claims: claims.map(({ metadata }) => metadata.name),
      plural: (change) => plurals.get(change) ?? '',
      ...(quota.scopes.length > 0 ? { inScope: (pods: PodContainers) => isCounted(quota, pods) } : {}),
    });
  const workloads = touched.filter(({ desired: wanted }) => podsOf(wanted) !== undefined);
  return [
    ...quotas.flatMap((quota) => exceeded(quota, demandFor(quota))),
    ...workloads.flatMap((change) => [
      ...outOfRange(change, ranges),
      ...quotas
        .filter((quota) => isCounted(quota, podsOf(change.desired) ?? {}))
        .flatMap((quota) => unspecified(change, quota, ranges)),
    ]),
  ];
}

/** Objects of a kind as they will be: those of the set, and those that others made. */
async function inForce(
  client: KubeClient,
  environment: string,
  kind: string,
  desired: readonly KubernetesObject[],
): Promise<KubernetesObject[]> {
  const own = desired.filter((object) => object.kind === kind);
  // Who may not read them hears of them from the server.
  const live = await listIfAllowed(client, { apiVersion: 'v1', kind, namespace: environment });
  const mine = new Map(own.map((object) => [object.metadata.name, object]));
  return [
    // What is used stands in the live one.
    ...live.map((object) => ({ ...object, spec: mine.get(object.metadata.name)?.spec ?? object.spec })),
    ...own.filter(({ metadata }) => !live.some((object) => object.metadata.name === metadata.name)),
  ];
}

function quotaOf({ metadata, spec, status }: KubernetesObject): Quota[] {
  const { hard = {} } = (spec ?? {}) as { hard?: Record<string, string> };
  const { used = {} } = (status ?? {}) as { used?: Record<string, string> };
  const scopes = scopesOf(spec);
  return scopes ? [{ name: metadata.name, hard, used, scopes }] : [];
}

function limitsOf({ metadata, spec }: KubernetesObject): NamedLimits[] {
  const { limits = [] } = (spec ?? {}) as { limits?: Limits[] };
  return limits.map((each) => ({ ...each, name: metadata.name }));
}

/** `cpu` in a quota is short for `requests.cpu`. */
function inFull(resource: string): string {
  return resource === 'cpu' || resource === 'memory' ? `requests.${resource}` : resource;
}

function exceeded({ name, hard, used }: Quota, needed: Amounts): string[] {
  return Object.entries(hard).flatMap(([resource, limit]) => {
    const more = needed.get(inFull(resource)) ?? needed.get(resource) ?? 0;
    const now = quantity(used[resource], 0);
    if (more <= 0 || now + more <= quantity(limit)) return [];
    return [
      `resourcequota/${name} allows ${resource} ${limit}; ${quantityText(now)} is used and the deploy needs ${quantityText(more)} more. Raise it, or ask for less in service.json.`,
    ];
  });
}

/** With a quota for a resource, the server takes no container that does not say how much of it it wants. */
function unspecified({ object, desired }: Change, quota: Quota, ranges: readonly Limits[]): string[] {
  const wanted = Object.keys(quota.hard)
    .map(inFull)
    .filter((resource) => /^(requests|limits)\.(cpu|memory)$/.test(resource));
  return (podsOf(desired)?.containers ?? []).flatMap((container) => {
    const amounts = containerAmounts(container, ranges);
    const missing = wanted.filter((resource) => !amounts.has(resource));
    return missing.length > 0
      ? [
          `${nameOf(object)}: container ${container.name} has no ${missing.join(', ')}, and resourcequota/${quota.name} wants it.`,
        ]
      : [];
  });
}

function outOfRange({ object, desired }: Change, ranges: readonly NamedLimits[]): string[] {
  const pods = podsOf(desired) ?? {};
  const containers = (pods.containers ?? []).map((container) => ({
    what: `container ${container.name}`,
    amounts: containerAmounts(container, ranges),
  }));
  const pod = { what: 'a pod', amounts: podAmounts(pods, ranges) };
  return ranges.flatMap((range) => {
    const judged = range.type === 'Pod' ? [pod] : range.type === 'Container' ? containers : [];
    return judged.flatMap(({ what, amounts }) =>
      boundsOf(range)
        .filter(({ resource, breaks }) => breaks(amounts.get(resource)))
        .map(({ resource, wants }) => {
          const value = amounts.get(resource);
          const asked = value === undefined ? `no ${resource}` : `${resource} ${quantityText(value)}`;
          return `${nameOf(object)}: ${what} has ${asked}, and limitrange/${range.name} wants ${wants}.`;
        }),
    );
  });
}

/** A limit must be there and not above the highest, a request there and not below the least. */
function boundsOf({ max = {}, min = {} }: Limits) {
  const absentOr = (wrong: (value: number) => boolean) => (value: number | undefined) =>
    value === undefined || wrong(value);
  return [
    ...Object.entries(max).map(([name, bound]) => ({
      resource: `limits.${name}`,
      wants: `at most ${bound}`,
      breaks: absentOr((value) => value > quantity(bound)),
    })),
    ...Object.entries(min).map(([name, bound]) => ({
      resource: `requests.${name}`,
      wants: `at least ${bound}`,
      breaks: absentOr((value) => value < quantity(bound)),
    })),
  ];
}
