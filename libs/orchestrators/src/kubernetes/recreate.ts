import { nameOf, type Change } from '@berth/deploy';
import { ApiError, type KubeClient } from '@berth/kube';
import type { CheckedChange } from './plan';
import { isRefused, refusalOf } from './refusal';

/**
 * The plan of an object with a field that cannot be changed: it is deleted and made anew, when no data would be lost
 * and the server would take the new one.
 */
export async function recreated(
  client: KubeClient,
  change: CheckedChange,
  error: ApiError,
): Promise<CheckedChange> {
  const causes = error.causes.map(({ field, message }) => `${field}: ${firstLine(message)}`);
  const why = change.reason ?? (causes.join('; ') || firstLine(error.message));
  const loss = lossOf(change);
  if (loss) {
    const refusal = `${nameOf(change.object)} would have to be made anew, and ${loss}: ${why}. Take the change back, or give the new one another name.`;
    return { ...change, refusals: [refusal] };
  }
  const refusal = await refusalOfNew(client, change);
  return {
    ...change,
    action: 'recreate',
    reason: `${why}; ${consequenceOf(change)}`,
    ...(refusal ? { refusals: [refusal] } : {}),
  };
}

/** The server may add both objects to what it says, line by line. */
function firstLine(message: string): string {
  return message.split('\n')[0] ?? '';
}

/** Whether the pods of what is recreated live on: those of a StatefulSet of which only the volumes' templates differ. */
export function leavesPods({ object, fields }: Change): boolean {
  return (
    object.kind === 'StatefulSet' &&
    fields.every(({ path }) => !/^spec\.(selector|serviceName|podManagementPolicy)\b/.test(path))
  );
}

/** What would be lost with the object; undefined when nothing. */
function lossOf(change: Change): string | undefined {
  switch (change.object.kind) {
    case 'PersistentVolumeClaim':
    case 'PersistentVolume':
      return 'its data would be lost';
    case 'Namespace':
      return 'all that is in it would be lost';
    case 'CustomResourceDefinition':
      return 'every object of its kind would be lost';
    case 'StatefulSet': {
      const { persistentVolumeClaimRetentionPolicy: policy } = (change.live?.spec ?? {}) as {
        persistentVolumeClaimRetentionPolicy?: { whenDeleted?: string };
      };
      return policy?.whenDeleted === 'Delete' && !leavesPods(change)
        ? 'its volumes would be deleted with it'
        : undefined;
    }
    default:
      return undefined;
  }
}

function consequenceOf(change: Change): string {
  if (leavesPods(change)) return 'its pods live on, and volumes that are there stay as they are';
  return ['Deployment', 'StatefulSet', 'DaemonSet', 'Job'].includes(change.object.kind)
    ? 'its pods end before the new ones start'
    : 'it is away for a moment';
}

/**
 * Why the server would not take the new object: known before the old one is deleted. That its name is taken, and its
 * ports, is said last, and of nothing else is it true.
 */
async function refusalOfNew(client: KubeClient, { object, desired }: Change): Promise<string | undefined> {
  if (!desired) return undefined;
  try {
    await client.create(desired, { dryRun: true });
  } catch (error) {
    if (
      error instanceof ApiError &&
      (error.reason === 'AlreadyExists' || /already allocated/.test(error.message))
    )
      return undefined;
    if (!isRefused(error)) throw error;
    return refusalOf(object, error);
  }
  return undefined;
}
