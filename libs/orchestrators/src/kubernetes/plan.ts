import { differences, nameOf, plan as purePlan, type Change, type Observation } from '@berth/deploy';
import { UserError } from '@berth/model';
import type { KubernetesObject } from '@berth/manifests';
import { ApiError, type FieldConflict, type KubeClient } from '@berth/kube';
import { withoutAutoscaler } from './autoscaling';
import { applySetId, partOfLabel } from './names';
import { handsOverReplicas, serverApply } from './server-apply';
import { stamp } from './stamp';

/** A change with what the server said of it. */
export interface CheckedChange extends Change {
  /** Fields that other managers own. */
  conflicts?: FieldConflict[];
  /** An autoscaler has set this workload's replicas, and none has charge of it after this plan. */
  autoscalerGoes?: boolean;
}

/**
 * The pure plan, then a server-side dry run of what differs: it fills in defaults, so that only real differences are
 * left, and refuses what is invalid before anything is changed.
 * @throws UserError with every refusal.
 */
export async function plan(
  client: KubeClient,
  environment: string,
  desired: readonly KubernetesObject[],
  observation: Observation,
): Promise<CheckedChange[]> {
  const stamped = await Promise.all(
    desired.map(async (object) => {
      const resource = await client.resource(object.apiVersion, object.kind);
      // A kind whose CRD is in the same set is not known yet; most are namespaced.
      return stamp(
        object,
        environment,
        resource ? resource.namespaced : object.metadata.namespace !== undefined,
      );
    }),
  );
  const changes: CheckedChange[] = purePlan(stamped, observation.live, observation.inventory);
  refuseForeign(environment, changes);
  if (!observation.exists) return changes;
  const going = await withoutAutoscaler(client, environment, changes);
  const checked = await Promise.allSettled(
    changes.map((change) =>
      check(client, { ...change, ...(going.has(nameOf(change.object)) ? { autoscalerGoes: true } : {}) }),
    ),
  );
  const failures = checked.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as Error] : [],
  );
  const bug = failures.find((failure) => !(failure instanceof UserError));
  if (bug) throw bug;
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) {
    throw new UserError(
      `The server refuses ${failures.length} objects; nothing was changed.\n${failures.map(({ message }) => `  - ${message}`).join('\n')}`,
    );
  }
  return checked.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

async function check(client: KubeClient, change: CheckedChange): Promise<CheckedChange> {
  const { action, desired, live } = change;
  if (!desired || action === 'same' || action === 'prune') return change;
  if (!(await client.resource(desired.apiVersion, desired.kind))) return change;
  try {
    const { result, conflicts, yielded } = await serverApply(client, desired, {
      dryRun: true,
      autoscalerGoes: change.autoscalerGoes ?? false,
    });
    if (!live) return change;
    const handed = handsOverReplicas(desired, live);
    const fields = differences(live, result).filter(({ path }) => !(handed && path === 'spec.replicas'));
    const reason = reasonOf(conflicts, yielded.length > 0, handed);
    const { reason: _guess, ...known } = change;
    return {
      ...known,
      // What looked as if it could not be changed can be, if the server says so.
      action: fields.length > 0 || conflicts.length > 0 || handed ? 'change' : 'same',
      fields,
      ...(reason ? { reason } : {}),
      ...(conflicts.length > 0 ? { conflicts } : {}),
    };
  } catch (error) {
    if (live && error instanceof ApiError && error.status === 422 && isImmutable(error)) {
      if (desired.kind === 'PersistentVolumeClaim') {
        throw new UserError(
          `${nameOf(change.object)} would have to be made anew, and its data would be lost: ${error.message}`,
          'Take the change back, or move the data to a volume of another name.',
        );
      }
      return {
        ...change,
        action: 'recreate',
        reason:
          change.reason ??
          (error.causes.map(({ field, message }) => `${field}: ${message}`).join('; ') || error.message),
      };
    }
    throw error;
  }
}

function reasonOf(
  conflicts: readonly FieldConflict[],
  yielded: boolean,
  handed: boolean,
): string | undefined {
  if (conflicts.length > 0)
    return `${conflicts.map(({ field, manager }) => `${field.replace(/^\./, '')} belongs to ${manager}`).join(', ')}; --take-over takes it`;
  if (yielded) return 'replicas stay as nx scale has set them';
  return handed ? 'replicas go to the autoscaler' : undefined;
}

function isImmutable({ message }: ApiError): boolean {
  return /field is immutable|updates to statefulset spec for fields other than|may not change once set|cannot change roleRef/i.test(
    message,
  );
}

/** Objects of another ApplySet are never taken over. */
function refuseForeign(environment: string, changes: readonly Change[]): void {
  const foreign = changes.filter(({ action, live }) => {
    const owner = live?.metadata.labels?.[partOfLabel];
    return action !== 'prune' && owner !== undefined && owner !== applySetId(environment);
  });
  if (foreign.length === 0) return;
  throw new UserError(
    `Other tools or environments own ${foreign.map(({ object }) => nameOf(object)).join(', ')} (label ${partOfLabel}).`,
    'Give them other names, or remove the label when their owner is gone.',
  );
}
