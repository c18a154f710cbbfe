import type { KubernetesObject } from '@berth/manifests';
import { ConflictError, type FieldConflict, type KubeClient, type LiveObject } from '@berth/kube';
import { autoscalerManager } from './autoscaling';
import { fieldManager, scaleManager } from './names';

export interface ServerApplied {
  result: LiveObject;
  /** Fields that were left to `nx scale`. */
  yielded: FieldConflict[];
  /** Fields that other managers own and that were, or would be, taken from them. */
  conflicts: FieldConflict[];
}

export interface ServerApplyOptions {
  dryRun?: boolean;
  /** Conflicts that were shown, and whose fields are taken. Any other is thrown; a dry run only tells them. */
  take?: readonly FieldConflict[];
  autoscalerGoes?: boolean;
  onWarning?: ((text: string) => void) | undefined;
}

/**
 * Server-side apply by the deploy's field manager. What `nx scale` has set stays as it is.
 * @throws ConflictError
 */
export async function serverApply(
  client: KubeClient,
  object: KubernetesObject,
  { dryRun = false, take = [], autoscalerGoes = false, onWarning }: ServerApplyOptions = {},
): Promise<ServerApplied> {
  try {
    return {
      result: await client.apply(object, { fieldManager, dryRun, onWarning }),
      yielded: [],
      conflicts: [],
    };
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    // Where an autoscaler has gone, its number of replicas has no owner any more that could mind.
    const ownerless = ({ field, manager }: FieldConflict) =>
      autoscalerGoes && field === replicas && (manager === scaleManager || manager === autoscalerManager);
    const yields = error.conflicts.filter(
      (conflict) => conflict.manager === scaleManager && conflict.field === replicas && !ownerless(conflict),
    );
    const conflicts = error.conflicts.filter(
      (conflict) => !yields.includes(conflict) && !ownerless(conflict),
    );
    const shown = ({ field, manager }: FieldConflict) =>
      take.some((taken) => taken.field === field && taken.manager === manager);
    if (!dryRun && !conflicts.every(shown)) {
      const hint = 'They have come since the plan was made: run the same command again, and it shows them.';
      throw new ConflictError(error.message, error.conflicts, hint);
    }
    const sent = yields.length > 0 ? withoutReplicas(object) : object;
    const force = yields.length < error.conflicts.length;
    return {
      result: await client.apply(sent, { fieldManager, dryRun, force, onWarning }),
      yielded: yields,
      conflicts,
    };
  }
}

const replicas = '.spec.replicas';

function withoutReplicas(object: KubernetesObject): KubernetesObject {
  const { replicas: _replicas, ...spec } = object.spec as Record<string, unknown>;
  return { ...object, spec };
}

/**
 * When the number of replicas is handed to an autoscaler, the field leaves our set, and without another owner the server
 * would reset it to 1: so it gets an owner first.
 */
export async function keepReplicas(
  client: KubeClient,
  desired: KubernetesObject,
  live: KubernetesObject,
): Promise<void> {
  if (!handsOverReplicas(desired, live)) return;
  const { replicas: current } = live.spec as { replicas: number };
  const { apiVersion, kind, metadata } = desired;
  await client.apply(
    {
      apiVersion,
      kind,
      metadata: { name: metadata.name, ...(metadata.namespace ? { namespace: metadata.namespace } : {}) },
      spec: { replicas: current },
    },
    { fieldManager: scaleManager, force: true },
  );
}

/** Whether an earlier deploy set the number of replicas and this one leaves it to an autoscaler. */
export function handsOverReplicas(desired: KubernetesObject, live: KubernetesObject): boolean {
  if (desired.kind !== 'Deployment' && desired.kind !== 'StatefulSet') return false;
  const { replicas: wanted } = (desired.spec ?? {}) as { replicas?: number };
  const { replicas: current } = (live.spec ?? {}) as { replicas?: number };
  return wanted === undefined && current !== undefined && ownsReplicas(live as LiveObject);
}

function ownsReplicas(live: LiveObject): boolean {
  return (live.metadata.managedFields ?? []).some(({ manager, operation, fieldsV1 }) => {
    const spec = fieldsV1?.['f:spec'] as Record<string, unknown> | undefined;
    return manager === fieldManager && operation === 'Apply' && spec !== undefined && 'f:replicas' in spec;
  });
}
