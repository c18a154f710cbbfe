import { nameOf, referenceOf, type Change } from '@berth/deploy';
import { UserError } from '@berth/model';
import type { KubeClient, LiveObject } from '@berth/kube';
import { autoscalerOf } from './autoscaling';
import { restartedAtAnnotation, restartManager, scaleManager } from './names';
import { workloadsOf } from './workloads';

/** A change of one workload, and how it is made: by which field manager, of just these fields or as a whole. */
export interface Adjustment extends Change {
  manager: string;
  write: 'apply' | 'replace';
}

/**
 * What it takes to run that many replicas of a service.
 * @param replicas `undefined` gives the number back to deploys
 * @throws UserError
 */
export async function planScale(
  client: KubeClient,
  environment: string,
  service: string,
  replicas: number | undefined,
): Promise<Change[]> {
  const workloads = await workloadsOf(client, environment, [service]);
  return Promise.all(
    workloads.map(async (live) => {
      if (live.kind === 'DaemonSet')
        throw new UserError(`${service} runs one pod on each node: it has no number of replicas.`);
      const autoscaler = await autoscalerOf(client, environment, live);
      if (autoscaler) {
        throw new UserError(
          `The number of ${service}'s replicas is set by ${nameOf(autoscaler)}.`,
          `Change scale.min and scale.max in env.json or service.json, then: nx deploy ${environment}`,
        );
      }
      return replicas === undefined ? unowned(live) : scaled(live, replicas);
    }),
  );
}

function scaled(live: LiveObject, replicas: number): Adjustment {
  const { replicas: before } = live.spec as { replicas: number };
  const is = before === replicas && isOwner(live, scaleManager);
  return {
    ...adjustment(live, { replicas }, scaleManager),
    action: is ? 'same' : 'change',
    fields: before === replicas ? [] : [{ path: 'spec.replicas', before, after: replicas }],
    ...(is ? {} : { reason: 'deploys leave the number alone from now on' }),
  };
}

/** Without an owner the number stays as it is, and the next deploy sets its own. */
function unowned(live: LiveObject): Adjustment {
  const { metadata } = live;
  const managedFields = (metadata.managedFields ?? []).filter(({ manager }) => manager !== scaleManager);
  return {
    ...adjustment(live, {}, scaleManager),
    action: isOwner(live, scaleManager) ? 'change' : 'same',
    desired: { ...live, metadata: { ...metadata, managedFields } },
    write: 'replace',
    reason: 'the next deploy sets the number of replicas again',
  };
}

/**
 * What it takes to start every pod anew, as a rolling update.
 * @param services all when absent
 * @throws UserError
 */
export async function planRestart(
  client: KubeClient,
  environment: string,
  services: readonly string[] | undefined,
  at: string,
): Promise<Change[]> {
  const workloads = await workloadsOf(client, environment, services);
  return workloads.map((live) => ({
    ...adjustment(
      live,
      { template: { metadata: { annotations: { [restartedAtAnnotation]: at } } } },
      restartManager,
    ),
    reason: 'its pods start anew',
  }));
}

/** A change of these fields of one workload, by a field manager of its own. */
export function adjustment(live: LiveObject, spec: object, manager: string): Adjustment {
  const { apiVersion, kind, metadata } = live;
  const { name, namespace = '' } = metadata;
  return {
    action: 'change',
    object: referenceOf(live),
    fields: [],
    desired: { apiVersion, kind, metadata: { name, namespace }, spec },
    live,
    manager,
    write: 'apply',
  };
}

/** Does what was planned: each change by a manager of its own, so that deploys neither undo nor repeat it. */
export async function adjust(client: KubeClient, changes: readonly Change[]): Promise<void> {
  await Promise.all(
    changes.map(async (change) => {
      const { action, desired, manager, write } = change as Adjustment;
      if (action === 'same' || !desired) return;
      if (write === 'replace') await client.replace(desired, { fieldManager: manager });
      else await client.apply(desired, { fieldManager: manager, force: true });
    }),
  );
}

function isOwner(live: LiveObject, manager: string): boolean {
  return (live.metadata.managedFields ?? []).some((entry) => entry.manager === manager);
}
