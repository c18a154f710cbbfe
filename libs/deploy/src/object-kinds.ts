import type { ManifestObject } from '@berth/manifests';
import { groupOf, type ObjectReference } from './change';

/** What a deploy must know of the kinds of an orchestrator's objects. */
export interface ObjectKinds {
  /** Kinds that all others stand on, in the order in which they are applied, each before the next. */
  first: readonly string[];
  /** Kinds that services stand on: applied together, before any service. */
  foundation: ReadonlySet<string>;
  /** Kinds that start containers: sent last among what belongs to a service. */
  workloads: ReadonlySet<string>;
  /** Kinds that hold what cannot be made again, as `group/Kind`: never pruned. */
  kept: ReadonlySet<string>;
  /** By `group/Kind`, paths of fields that cannot be changed: another value makes the object anew. */
  immutable: Readonly<Record<string, RegExp>>;
  /** References of the images that an object's containers start from and that a registry must have. */
  images(object: ManifestObject): string[];
}

/** `apps/Deployment`; `/Namespace` where the group has no name. */
export function groupKindOf({ apiVersion, kind }: Pick<ObjectReference, 'apiVersion' | 'kind'>): string {
  return `${groupOf(apiVersion)}/${kind}`;
}

/** Whether an object may be pruned at all. */
export function isPrunable(object: ObjectReference, { kept }: Pick<ObjectKinds, 'kept'>): boolean {
  return !kept.has(groupKindOf(object));
}
