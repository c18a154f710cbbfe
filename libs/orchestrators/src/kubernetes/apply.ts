import { nameOf, refusalsOf, type ApplyOptions, type Change } from '@berth/deploy';
import { UserError } from '@berth/model';
import { ConflictError, type KubeClient, type LiveObject } from '@berth/kube';
import { addToInventory, groupKinds } from './inventory';
import type { CheckedChange } from './plan';
import { leavesPods } from './recreate';
import { keepReplicas, serverApply } from './server-apply';
import { until } from './until';
import { applyUntried } from './untried';

/** How long an object that is being deleted may take before its successor is made. */
const deletionMs = 120_000;

/**
 * Applies what was not tried, and then the waves one after the other. Stops before the first write when the plan has
 * found something refused, or fields of other managers that would change; and after a wave in which something failed.
 */
export async function apply(
  client: KubeClient,
  environment: string,
  waves: readonly (readonly CheckedChange[])[],
  options: Omit<ApplyOptions, 'desired'>,
): Promise<void> {
  const changes = waves.flat();
  refuseRefused(changes);
  if (!options.takeOver) refuseConflicts(changes);
  const untried = changes.filter((change) => change.untried);
  // What is not tried is taken back when it is refused: then nothing was changed.
  if (untried.length === 0) options.onWriting?.();
  const kinds = groupKinds(changes.map(({ object }) => object));
  const { noted } = await addToInventory(client, environment, kinds);
  const work = async () => {
    if (untried.length > 0) {
      await applyUntried(client, environment, untried, options, (each) => applyOne(client, each, options));
      options.onWriting?.();
    }
    const rest = waves.map((wave) => wave.filter((change) => !change.untried));
    await applyWaves(client, rest, options);
  };
  const results = await Promise.allSettled([work(), noted]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

async function applyWaves(
  client: KubeClient,
  waves: readonly (readonly CheckedChange[])[],
  options: Omit<ApplyOptions, 'desired'>,
): Promise<void> {
  for (const wave of waves) {
    options.signal?.throwIfAborted();
    const results = await Promise.allSettled(
      wave.map(async (change) => {
        await applyOne(client, change, options);
        options.onApplied?.(change);
      }),
    );
    const failures = results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as Error] : [],
    );
    if (failures[0] && (failures.length === 1 || !(failures[0] instanceof UserError))) throw failures[0];
    if (failures.length > 1) throw new UserError(failures.map(({ message }) => message).join('\n'));
  }
}

/** @returns the object as it is then */
async function applyOne(
  client: KubeClient,
  change: CheckedChange,
  options: Omit<ApplyOptions, 'desired'>,
): Promise<LiveObject | undefined> {
  const { action, desired, live, conflicts = [], autoscalerGoes = false } = change;
  if (!desired) return undefined;
  if (action === 'recreate') await remove(client, change, options.signal);
  if (action === 'change' && live) await keepReplicas(client, desired, live);
  const apply = () =>
    serverApply(client, desired, { take: options.takeOver ? conflicts : [], autoscalerGoes });
  let { result, yielded } = await apply();
  if (result.metadata.deletionTimestamp) {
    await untilGone(client, change, result.metadata.uid, options.signal);
    ({ result, yielded } = await apply());
  }
  for (const { field } of yielded)
    options.onNotice?.(`${nameOf(change.object)}: ${field} stays as nx scale has set it`);
  return result;
}

/** Deletes what cannot be changed, and its pods with it or not. */
async function remove(client: KubeClient, change: Change, signal?: AbortSignal): Promise<void> {
  const { uid } = (change.live as LiveObject).metadata;
  await client.delete(change.object, { uid, propagation: leavesPods(change) ? 'Orphan' : 'Foreground' });
  await untilGone(client, change, uid, signal);
}

async function untilGone(
  client: KubeClient,
  { object }: Change,
  uid: string,
  signal?: AbortSignal,
): Promise<void> {
  const gone = await until(async () => (await client.get(object))?.metadata.uid !== uid, deletionMs, signal);
  if (gone) return;
  throw new UserError(
    `${nameOf(object)} is still being deleted after ${deletionMs / 1000} s.`,
    `See what holds it: ${client.kubectl}${object.namespace ? ` -n ${object.namespace}` : ''} get ${nameOf(object)} -o yaml`,
  );
}

function refuseRefused(changes: readonly Change[]): void {
  const refusals = refusalsOf(changes);
  if (refusals.length === 0) return;
  const list = refusals.map((refusal) => `  - ${refusal}`).join('\n');
  throw new UserError(`The plan cannot be applied; nothing was changed:\n${list}`);
}

function refuseConflicts(changes: readonly CheckedChange[]): void {
  const lines = changes.flatMap(({ object, conflicts = [] }) =>
    conflicts.map(({ field, manager }) => `  ${nameOf(object)} ${field} belongs to ${manager}`),
  );
  if (lines.length === 0) return;
  throw new ConflictError(
    `Others have set fields that this deploy would change; nothing was changed:\n${lines.join('\n')}`,
    changes.flatMap(({ conflicts = [] }) => conflicts),
    'Let them have it, or take just these fields over: --take-over',
  );
}
