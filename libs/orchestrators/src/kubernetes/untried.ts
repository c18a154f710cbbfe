import { groupKindOf, type ApplyOptions, type Change } from '@berth/deploy';
import { UserError } from '@berth/model';
import { referenceOf, type KubeClient, type LiveObject } from '@berth/kube';
import { fieldManager } from './names';
import type { CheckedChange } from './plan';
import { isRefused, refusalOf } from './refusal';

/** Kinds of which an object starts nothing by being there, and that leave nothing when they go. */
const quiet = new Set([
  '/ServiceAccount',
  '/ConfigMap',
  '/Secret',
  '/Service',
  'policy/PodDisruptionBudget',
  'autoscaling/HorizontalPodAutoscaler',
]);

/** Whether it does as well to make an object, and to take it back when another is refused, as to try it first. */
export function mayGoUntried({ action, object, desired, refusals }: Change): boolean {
  if (action !== 'create' || refusals || !quiet.has(groupKindOf(object))) return false;
  const { type } = (desired?.spec ?? {}) as { type?: string };
  // It would ask the provider for an address.
  return !(object.kind === 'Service' && type === 'LoadBalancer');
}

/**
 * Applies what was not tried, before all else. When something of it is refused, all of it is taken back.
 * @param applyOne gives the object as it is then
 * @throws UserError with all that is refused
 */
export async function applyUntried(
  client: KubeClient,
  environment: string,
  changes: readonly CheckedChange[],
  { onWriting, onApplied }: Pick<ApplyOptions, 'onWriting' | 'onApplied'>,
  applyOne: (change: CheckedChange) => Promise<LiveObject | undefined>,
): Promise<void> {
  const results = await Promise.allSettled(
    changes.map(async (change) => {
      try {
        return await applyOne(change);
      } catch (error) {
        if (!isRefused(error)) throw error;
        return refusalOf(change.object, error);
      }
    }),
  );
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) {
    onWriting?.();
    throw failure.reason;
  }
  const outcomes = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const refusals = outcomes.filter((outcome) => typeof outcome === 'string');
  if (refusals.length === 0) {
    for (const change of changes) onApplied?.(change);
    return;
  }
  const made = outcomes.filter((outcome) => typeof outcome === 'object').filter(isOurs);
  await Promise.all(
    made.map((object) => client.delete(referenceOf(object), { uid: object.metadata.uid })),
  ).catch((error: unknown) => {
    onWriting?.();
    throw error;
  });
  const count = refusals.length === 1 ? 'one problem' : `${refusals.length} problems`;
  throw new UserError(
    `${environment} cannot be deployed: ${count}.\n${refusals.map((refusal) => `  - ${refusal}`).join('\n')}`,
  );
}

/** Whether nobody else has had a hand in it: a namespace gets some objects by itself. */
function isOurs({ metadata }: LiveObject): boolean {
  return (metadata.managedFields ?? []).every(({ manager }) => manager === fieldManager);
}
