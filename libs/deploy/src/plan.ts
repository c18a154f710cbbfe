import { UserError } from '@berth/model';
import type { ManifestObject } from '@berth/manifests';
import {
  keyOf,
  nameOf,
  referenceOf,
  type Change,
  type FieldDifference,
  type ObjectReference,
} from './change';
import { missingFrom } from './difference';
import { groupKindOf, isPrunable, type ObjectKinds } from './object-kinds';

/**
 * What is to be done to come from `live` to `desired`. Pure.
 * @param desired every object of the environment.
 * @param live objects that are there; others than the desired ones do no harm.
 * @param inventory what earlier deploys made: what is in it and no longer desired is pruned.
 * @throws UserError when nothing is desired (an empty render must never prune) or an object is desired twice.
 */
export function plan(
  desired: readonly ManifestObject[],
  live: readonly ManifestObject[],
  inventory: readonly ObjectReference[],
  kinds: ObjectKinds,
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
    return changeOf(object, liveByKey.get(key), kinds);
  });
  const prunes = inventory
    .filter((object) => !keys.has(keyOf(object)) && isPrunable(object, kinds) && liveByKey.has(keyOf(object)))
    .map((object): Change => ({
      action: 'prune',
      object,
      fields: [],
      live: liveByKey.get(keyOf(object)) as ManifestObject,
    }));
  return [...changes, ...prunes];
}

function changeOf(desired: ManifestObject, live: ManifestObject | undefined, kinds: ObjectKinds): Change {
  const object = referenceOf(desired);
  if (!live) return { action: 'create', object, fields: [], desired };
  const fields = missingFrom(live, desired);
  if (fields.length === 0) return { action: 'same', object, fields, desired, live };
  return changed(desired, live, fields, kinds);
}

/** A change of these fields: `recreate` when one of them cannot be changed. */
export function changed(
  desired: ManifestObject,
  live: ManifestObject,
  fields: FieldDifference[],
  { immutable }: Pick<ObjectKinds, 'immutable'>,
): Change {
  const object = referenceOf(desired);
  const pattern = immutable[groupKindOf(object)];
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
