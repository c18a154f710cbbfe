import { differences } from '@berth/deploy';
import { ApiError, type FieldConflict, type KubeClient } from '@berth/kube';
import type { CheckedChange } from './plan';
import { sortWarnings, type PodSecurityLevel } from './pod-security';
import { recreated } from './recreate';
import { isRefused, refusalOf } from './refusal';
import { isTakenAsNew } from './new-object';
import { handsOverReplicas, serverApply } from './server-apply';

/**
 * A server-side dry run of one change: what it comes to after the server's defaults, what other managers own of it, and
 * what the server refuses or warns of.
 * @param enforced of the namespace; undefined where nothing is known of it
 */
export async function check(
  client: KubeClient,
  change: CheckedChange,
  enforced: PodSecurityLevel | undefined,
): Promise<CheckedChange> {
  const { action, desired, live, refusals } = change;
  if (!desired || action === 'same' || action === 'prune' || refusals) return change;
  if (!(await client.resource(desired.apiVersion, desired.kind))) return change;
  const told: string[] = [];
  const onWarning = (text: string) => told.push(text);
  try {
    if (!live && (await isTakenAsNew(client, desired, onWarning)))
      return { ...change, ...sortWarnings(change.object, told, enforced) };
    const { result, conflicts, yielded } = await serverApply(client, desired, {
      dryRun: true,
      autoscalerGoes: change.autoscalerGoes ?? false,
      onWarning,
    });
    const warned = { ...change, ...sortWarnings(change.object, told, enforced) };
    if (!live) return warned;
    const handed = handsOverReplicas(desired, live);
    const fields = differences(live, result).filter(({ path }) => !(handed && path === 'spec.replicas'));
    const reason = reasonOf(conflicts, yielded.length > 0, handed);
    const { reason: _guess, ...known } = warned;
    return {
      ...known,
      // What looked as if it could not be changed can be, if the server says so.
      action: fields.length > 0 || conflicts.length > 0 || handed ? 'change' : 'same',
      fields,
      ...(reason ? { reason } : {}),
      ...(conflicts.length > 0 ? { conflicts } : {}),
    };
  } catch (error) {
    if (!isRefused(error)) throw error;
    if (live && isImmutable(error)) return recreated(client, change, error);
    return { ...change, refusals: [refusalOf(change.object, error)] };
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

/** The server has no reason of its own for it, only these words. */
const immutableWords = [
  /is immutable/i,
  /updates to statefulset spec for fields other than/i,
  /updates to \w+ are forbidden/i,
  /may not (change once set|be changed in an update)/i,
  /cannot change roleRef/i,
];

function isImmutable({ status, message }: ApiError): boolean {
  return status === 422 && immutableWords.some((words) => words.test(message));
}
