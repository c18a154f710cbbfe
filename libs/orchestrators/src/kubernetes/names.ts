import { createHash } from 'node:crypto';

/** The field manager of a deploy. */
export const fieldManager = 'berth';
/** The field manager of `nx scale`, and of the number that is kept when an autoscaler takes over. A deploy yields to it. */
export const scaleManager = 'berth-scale';

/** The field manager of `nx restart`. */
export const restartManager = 'berth-restart';

/** The field manager of `nx secret`. */
export const secretManager = 'berth-secret';

/** The field manager of what a deploy notes beside its objects. */
export const recordManager = 'berth-record';

/** Of a pod template: another time makes other pods. */
export const restartedAtAnnotation = 'berth.dev/restarted-at';
/** Of a pod template: when the newest of the secrets was set that its pods have started anew for. */
export const secretsSetAtAnnotation = 'berth.dev/secrets-set-at';
/** On the environment's Secret: for each key when it was set, and by whom, as JSON. */
export const secretNotesAnnotation = 'berth.dev/set';
export const specHashAnnotation = 'berth.dev/spec-hash';
export const partOfLabel = 'applyset.kubernetes.io/part-of';
export const applySetIdLabel = 'applyset.kubernetes.io/id';
export const toolingAnnotation = 'applyset.kubernetes.io/tooling';
export const groupKindsAnnotation = 'applyset.kubernetes.io/contains-group-kinds';
export const managedByLabel = 'app.kubernetes.io/managed-by';
export const serviceLabel = 'app.kubernetes.io/name';
/** On the parent of the inventory: when the environment was deployed last, RFC 3339. Whoever reads it need read no record. */
export const deployedAtAnnotation = 'berth.dev/deployed-at';
/** On the namespace. Whoever shows them need read no Secret. */
export { deploysNote as deploysAnnotation, lastDeployNote as lastDeployAnnotation } from '../deploy-notes';
export const recordLabel = 'berth.dev/record';
export const recordType = 'berth.dev/record';

export const inventoryName = 'berth-inventory';
export const leaseName = 'berth-deploy';
export const tooling = 'berth/0.1.0';

/** Selects the members of an environment's inventory. */
export function memberSelector(environment: string): string {
  return `${partOfLabel}=${applySetId(environment)}`;
}

/** The id of an environment's ApplySet, as KEP-3659 has it: of the parent's name, namespace, kind and group. */
export function applySetId(environment: string): string {
  const hash = createHash('sha256').update(`${inventoryName}.${environment}.Secret.`).digest('base64url');
  return `applyset-${hash}-v1`;
}
