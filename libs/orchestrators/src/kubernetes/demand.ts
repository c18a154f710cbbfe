import { groupOf, nameOf, referenceOf, type Change } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import { isAutoscaler, targetOf } from './autoscaling';
import {
  largest,
  podAmounts,
  sum,
  times,
  type Amounts,
  type Limits,
  type PodContainers,
} from './pod-resources';
import { quantity } from './quantity';

interface WorkloadSpec {
  replicas?: number;
  parallelism?: number;
  template?: { spec?: PodContainers };
  strategy?: { type?: string; rollingUpdate?: { maxUnavailable?: number | string } };
  volumeClaimTemplates?: { metadata?: { name?: string }; spec?: ClaimSpec }[];
}

interface ClaimSpec {
  resources?: { requests?: { storage?: string } };
}

/** What a deploy's demand depends on. */
export interface DemandContext {
  /** Every object of the environment: its autoscalers say how many pods a workload has at least. */
  desired: readonly KubernetesObject[];
  ranges: readonly Limits[];
  /** Names of the volume claims that are there. */
  claims: readonly string[];
  /** The plural of a kind, for example `deployments`. */
  plural: (change: Change) => string;
  /** Which pods count; then nothing else does. All pods, objects and volumes when absent. */
  inScope?: (pods: PodContainers) => boolean;
}

const none: Amounts = new Map();

/**
 * What these changes will count for in a quota, beyond what counts now: the difference of their pods, one more for a
 * rollout that must have room first (rollouts can go one after the other), new objects and new volumes. What is pruned
 * is there until the rest is healthy.
 */
export function demandOf(changes: readonly Change[], context: DemandContext): Amounts {
  const pods = changes.map((change) => morePods(change, context));
  const surges = changes.map((change) =>
    needsRoomFirst(change) ? amountsOf(change.desired, context) : none,
  );
  if (context.inScope) return sum([...pods, largest(surges)]);
  const objects = changes
    .filter(({ action }) => action === 'create')
    .map((change) => objectCount(context.plural(change), groupOf(change.object.apiVersion)));
  const claims = changes.flatMap((change) => newClaims(change, context));
  return sum([...pods, largest(surges), ...objects, ...claims]);
}

/** What makes pods by itself; undefined for everything else. */
export function podsOf(object: KubernetesObject | undefined): PodContainers | undefined {
  return ['Deployment', 'StatefulSet', 'Job'].includes(object?.kind ?? '')
    ? specOf(object).template?.spec
    : undefined;
}

function specOf(object: KubernetesObject | undefined): WorkloadSpec {
  return (object?.spec ?? {}) as WorkloadSpec;
}

function morePods({ desired: wanted, live }: Change, context: DemandContext): Amounts {
  const of = (object: KubernetesObject | undefined) =>
    times(amountsOf(object, context), replicasOf(object, live, context.desired));
  return sum([of(wanted), times(of(live), -1)]);
}

/** What one pod of a workload counts for; nothing when it makes none, or none that counts. */
function amountsOf(
  object: KubernetesObject | undefined,
  { ranges, inScope = () => true }: DemandContext,
): Amounts {
  const pods = podsOf(object);
  return pods && inScope(pods) ? podAmounts(pods, ranges) : none;
}

function replicasOf(
  object: KubernetesObject | undefined,
  live: KubernetesObject | undefined,
  desired: readonly KubernetesObject[],
): number {
  const { replicas, parallelism } = specOf(object);
  if (object?.kind === 'Job') return parallelism ?? 1;
  const autoscaler =
    object && desired.find((each) => isAutoscaler(each) && targetOf(each) === nameOf(referenceOf(object)));
  const { minReplicas = 1 } = (autoscaler?.spec ?? {}) as { minReplicas?: number };
  return replicas ?? specOf(live).replicas ?? minReplicas;
}

/** Whether a rollout must make a new pod before an old one goes. */
function needsRoomFirst({ action, desired, live }: Change): boolean {
  if (action !== 'change' || desired?.kind !== 'Deployment') return false;
  const { strategy, template } = specOf(desired);
  const unavailable = strategy?.rollingUpdate?.maxUnavailable;
  return (
    strategy?.type !== 'Recreate' &&
    (unavailable === 0 || unavailable === '0%') &&
    JSON.stringify(template) !== JSON.stringify(specOf(live).template)
  );
}

function objectCount(plural: string, group: string): Amounts {
  // Some of the core group have a short name too.
  const names = group ? [`count/${plural}.${group}`] : [`count/${plural}`, plural];
  return new Map(names.map((name) => [name, 1]));
}

function newClaims({ desired: wanted, live }: Change, { desired, claims }: DemandContext): Amounts[] {
  const storage = (spec: ClaimSpec) =>
    ['requests.storage', quantity(spec.resources?.requests?.storage, 0)] as const;
  if (wanted?.kind === 'PersistentVolumeClaim')
    return live ? [] : [new Map([storage(wanted.spec as ClaimSpec)])];
  const replicas = replicasOf(wanted, live, desired);
  return (specOf(wanted).volumeClaimTemplates ?? []).flatMap(({ metadata, spec = {} }) =>
    Array.from({ length: replicas }, (_, index) => `${metadata?.name}-${wanted?.metadata.name}-${index}`)
      .filter((name) => !claims.includes(name))
      .map(() => sum([new Map([storage(spec)]), objectCount('persistentvolumeclaims', '')])),
  );
}
