import type { ManifestObject } from '@berth/manifests';

/** Names one object. `namespace` is absent for what is not inside an environment's namespace. */
export interface ObjectReference {
  apiVersion: string;
  kind: string;
  name: string;
  namespace?: string;
}

/** `create`: not there yet. `recreate`: a field differs that cannot be changed. `prune`: the set has it no longer. */
export type Action = 'create' | 'change' | 'recreate' | 'prune' | 'same';

/** One field that differs. `before` or `after` is undefined when the field is not there. */
export interface FieldDifference {
  /** For example `spec.template.spec.containers[pricing].image`. */
  path: string;
  before: unknown;
  after: unknown;
}

/** What is to happen to one object. A plan is a list of these. */
export interface Change {
  action: Action;
  object: ObjectReference;
  /** Empty but for `change` and `recreate`. */
  fields: FieldDifference[];
  /** Why it is recreated, or what else is worth saying. */
  reason?: string;
  /** What the orchestrator takes and does not like. */
  warnings?: readonly string[];
  /** Why the orchestrator will not take it: then nothing of the plan is applied. */
  refusals?: readonly string[];
  /** As it is to be; absent for `prune`, and for what is no longer in the set and is kept a little longer. */
  desired?: ManifestObject;
  /** As it is; absent for `create`. */
  live?: ManifestObject;
}

export function referenceOf({ apiVersion, kind, metadata }: ManifestObject): ObjectReference {
  return {
    apiVersion,
    kind,
    name: metadata.name,
    ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
  };
}

/** The group of an apiVersion: `apps/v1` → `apps`, `v1` → ``. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

/** One string for one object, whichever version of its kind is asked for. */
export function keyOf({ apiVersion, kind, namespace = '', name }: ObjectReference): string {
  return `${groupOf(apiVersion)}/${kind}/${namespace}/${name}`;
}

/** `deployment/pricing`, as people and kubectl write it. */
export function nameOf({ kind, name }: ObjectReference): string {
  return `${kind.toLowerCase()}/${name}`;
}

/** All that the orchestrator refuses of a plan. */
export function refusalsOf(changes: readonly Change[]): string[] {
  return changes.flatMap(({ refusals = [] }) => refusals);
}
