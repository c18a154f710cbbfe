import { nameOf, referenceOf, type Change, type ObjectReference } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import type { KubeClient, LiveObject } from '@berth/kube';

const kind = 'HorizontalPodAutoscaler';

/** Who writes for an autoscaler: its controller is one of this program's. */
export const autoscalerManager = 'kube-controller-manager';

/**
 * Workloads, as `deployment/pricing`, whose number of replicas an autoscaler has set, and of which none has charge when
 * this plan is done: nobody minds when a deploy sets the number. An autoscaler goes after the workloads are healthy, so
 * it may write once more after the deploy did; then the next deploy finds its number without it.
 */
export async function withoutAutoscaler(
  client: KubeClient,
  environment: string,
  changes: readonly Change[],
): Promise<Set<string>> {
  const pruned = changes.filter(({ action, object }) => action === 'prune' && object.kind === kind);
  const orphans = changes.filter(({ desired, live }) => desired && setsReplicas(desired) && wasScaled(live));
  const names = new Set([
    ...pruned.map(({ live }) => targetOf(live)),
    ...orphans.map(({ object }) => nameOf(object)),
  ]);
  if (names.size === 0) return names;
  const { items } = await client.list({ apiVersion: 'autoscaling/v2', kind, namespace: environment });
  const going = new Set(pruned.map(({ object }) => object.name));
  const staying = [
    ...items.filter(({ metadata }) => !going.has(metadata.name)),
    ...changes.flatMap(({ desired }) => (desired?.kind === kind ? [desired] : [])),
  ];
  for (const autoscaler of staying) names.delete(targetOf(autoscaler));
  return names;
}

/** The autoscaler that sets the number of a workload's replicas; undefined when none does. */
export async function autoscalerOf(
  client: KubeClient,
  environment: string,
  workload: LiveObject,
): Promise<ObjectReference | undefined> {
  const { items } = await client.list({ apiVersion: 'autoscaling/v2', kind, namespace: environment });
  const found = items.find((autoscaler) => targetOf(autoscaler) === nameOf(referenceOf(workload)));
  return found && referenceOf(found);
}

export function isAutoscaler(object: KubernetesObject): boolean {
  return object.kind === kind;
}

/** What an autoscaler scales, as `deployment/pricing`; empty when it names nothing. */
export function targetOf(autoscaler: KubernetesObject | undefined): string {
  const { scaleTargetRef } = (autoscaler?.spec ?? {}) as {
    scaleTargetRef?: { apiVersion: string; kind: string; name: string };
  };
  return scaleTargetRef ? nameOf(scaleTargetRef) : '';
}

function setsReplicas({ spec }: KubernetesObject): boolean {
  return (spec as { replicas?: number } | undefined)?.replicas !== undefined;
}

function wasScaled(live: KubernetesObject | undefined): boolean {
  return ((live as LiveObject | undefined)?.metadata.managedFields ?? []).some(
    ({ manager, subresource }) => manager === autoscalerManager && subresource === 'scale',
  );
}
