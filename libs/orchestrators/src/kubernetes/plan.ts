import { groupOf, nameOf, plan as purePlan, refusalsOf, type Change, type Observation } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import type { FieldConflict, KubeClient } from '@berth/kube';
import { withoutAutoscaler } from './autoscaling';
import { check } from './check';
import { keepNamed } from './keep';
import { kubernetesKinds } from './kinds';
import { applySetId, partOfLabel } from './names';
import { PlanMemory, tried } from './plan-memory';
import { enforcedLevel } from './pod-security';
import { stamp } from './stamp';
import { mayGoUntried } from './untried';

/** A change with what the server said of it. */
export interface CheckedChange extends Change {
  /** Fields that other managers own. */
  conflicts?: FieldConflict[];
  /** The server has not been asked what it makes of it: it is applied before all that was tried. */
  untried?: boolean;
  /** An autoscaler has set this workload's replicas, and none has charge of it after this plan. */
  autoscalerGoes?: boolean;
}

/**
 * The pure plan, then a server-side dry run of what differs: it fills in defaults, so that only real differences are
 * left, and refuses what is invalid before anything is changed. In a namespace that the run has made, what starts nothing
 * is not tried, unless something else is refused: then all refusals are to be told.
 * @param memory of the run: what was tried just before is not tried again
 */
export async function plan(
  client: KubeClient,
  environment: string,
  desired: readonly KubernetesObject[],
  observation: Observation,
  memory = new PlanMemory(),
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
  const changes = await Promise.all(
    purePlan(stamped, observation.live, observation.inventory, kubernetesKinds).map(
      async (change): Promise<CheckedChange> =>
        withRefusal(change, foreigner(environment, change) ?? (await unknownKind(client, change, desired))),
    ),
  );
  if (!observation.exists) return changes;
  const [going, kept] = await Promise.all([
    withoutAutoscaler(client, environment, changes),
    keepNamed(client, environment, changes),
  ]);
  const enforced = enforcedLevel(environment, stamped, observation.live);
  const { isNew, trials } = memory.recall(environment);
  const trial = (change: CheckedChange) =>
    tried(trials, change, enforced, () => check(client, change, enforced));
  const checked = await Promise.all(
    kept.map((change) => {
      const known = { ...change, ...(going.has(nameOf(change.object)) ? { autoscalerGoes: true } : {}) };
      return isNew && mayGoUntried(known) ? { ...known, untried: true } : trial(known);
    }),
  );
  if (refusalsOf(checked).length === 0) return checked;
  return Promise.all(checked.map(({ untried, ...change }) => (untried ? trial(change) : change)));
}

function withRefusal(change: CheckedChange, refusal: string | undefined): CheckedChange {
  return refusal === undefined ? change : { ...change, refusals: [refusal] };
}

/** Objects of another ApplySet are never taken over. */
function foreigner(environment: string, { action, object, live }: Change): string | undefined {
  const owner = live?.metadata.labels?.[partOfLabel];
  if (action === 'prune' || owner === undefined || owner === applySetId(environment)) return undefined;
  return `${nameOf(object)} belongs to another tool or environment (label ${partOfLabel}). Give it another name, or remove the label when its owner is gone.`;
}

/** Nothing can be made of a kind that neither the cluster has nor the set brings. */
async function unknownKind(
  client: KubeClient,
  { object: { apiVersion, kind, ...object }, desired }: Change,
  set: readonly KubernetesObject[],
): Promise<string | undefined> {
  if (!desired || (await client.resource(apiVersion, kind))) return undefined;
  const brought = set.some(({ kind: definition, spec }) => {
    const { group, names } = (spec ?? {}) as { group?: string; names?: { kind?: string } };
    return definition === 'CustomResourceDefinition' && group === groupOf(apiVersion) && names?.kind === kind;
  });
  if (brought) return undefined;
  return `${kind.toLowerCase()}/${object.name}: the cluster has no kind ${kind} in ${apiVersion}, and the environment has no CustomResourceDefinition of it. ${client.kubectl} api-resources`;
}
