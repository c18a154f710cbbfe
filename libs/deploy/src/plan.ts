import { UserError } from '@berth/model';
import type { KubernetesObject } from '@berth/manifests';
import {
  groupOf,
  keyOf,
  nameOf,
  referenceOf,
  type Change,
  type FieldDifference,
  type ObjectReference,
} from './change';
import { missingFrom } from './difference';

/** Kinds that hold what cannot be made again; they are never pruned. */
const neverPruned = new Set([
  '/Namespace',
  '/PersistentVolumeClaim',
  'apiextensions.k8s.io/CustomResourceDefinition',
]);

/** Fields that the API server refuses to change, by group and kind. */
const immutable: Record<string, RegExp> = {
  'apps/Deployment': /^spec\.selector\b/,
  'apps/StatefulSet': /^spec\.(selector|serviceName|podManagementPolicy|volumeClaimTemplates)\b/,
  'batch/Job': /^spec\.(selector|template|completions)\b/,
  '/Service': /^spec\.(clusterIP|clusterIPs)\b/,
  'rbac.authorization.k8s.io/RoleBinding': /^roleRef\b/,
  'rbac.authorization.k8s.io/ClusterRoleBinding': /^roleRef\b/,
};

/** Whether an object may be pruned at all. */
export function isPrunable({ apiVersion, kind }: ObjectReference): boolean {
  return !neverPruned.has(`${groupOf(apiVersion)}/${kind}`);
}

/**
 * What is to be done to come from `live` to `desired`. Pure.
 * @param desired every object of the environment.
 * @param live objects that are there; others than the desired ones do no harm.
 * @param inventory what earlier deploys made: what is in it and no longer desired is pruned.
 * @throws UserError when nothing is desired (an empty render must never prune) or an object is desired twice.
 */
export function plan(
  desired: readonly KubernetesObject[],
  live: readonly KubernetesObject[],
  inventory: readonly ObjectReference[],
): Change[] {
  if (desired.length === 0)
    throw new UserError(
      'The environment has no objects: an empty set is never deployed.',
      'Check its projects in env.json.',
    );
  const liveByKey = new Map(live.map((object) => [keyOf(referenceOf(object)), object]));
  const keys = new Set<string>();
  const changes = desired.map((object) => {
    const key = keyOf(referenceOf(object));
    if (keys.has(key)) throw new UserError(`${nameOf(referenceOf(object))} is in the environment twice.`);
    keys.add(key);
    return changeOf(object, liveByKey.get(key));
  });
  const prunes = inventory
    .filter((object) => !keys.has(keyOf(object)) && isPrunable(object) && liveByKey.has(keyOf(object)))
    .map((object): Change => ({
      action: 'prune',
      object,
      fields: [],
      live: liveByKey.get(keyOf(object)) as KubernetesObject,
    }));
  return [...changes, ...prunes];
}

function changeOf(desired: KubernetesObject, live: KubernetesObject | undefined): Change {
  const object = referenceOf(desired);
  if (!live) return { action: 'create', object, fields: [], desired };
  const fields = missingFrom(live, desired);
  if (fields.length === 0) return { action: 'same', object, fields, desired, live };
  return changed(desired, live, fields);
}

/** A change of these fields: `recreate` when one of them cannot be changed. */
export function changed(
  desired: KubernetesObject,
  live: KubernetesObject,
  fields: FieldDifference[],
): Change {
  const object = referenceOf(desired);
  const pattern = immutable[`${groupOf(object.apiVersion)}/${object.kind}`];
  const fixed = pattern && fields.find(({ path }) => pattern.test(path));
  const reason = fixed && `${fixed.path} cannot be changed`;
  return {
    action: fixed ? 'recreate' : 'change',
    object,
    fields,
    desired,
    live,
    ...(reason ? { reason } : {}),
  };
}

/** Whether applying the plan would do anything. */
export function isEmpty(changes: readonly Change[]): boolean {
  return changes.every(({ action }) => action === 'same');
}
