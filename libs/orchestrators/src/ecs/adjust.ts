import { referenceOf, type Change } from '@berth/deploy';
import { UserError } from '@berth/model';
import type { Aws } from './aws';
import { setCount } from './apply';
import { deployedServices, type DeployedService } from './deployed-services';
import { SCALABLE_TARGET } from './kinds';
import { keepScale } from './scales';
import { serviceOf } from './service-of';

/** A change of one ECS service between two deploys, and what is asked of ECS for it. */
export interface Adjustment extends Change {
  environment: string;
  service: string;
  arn: string;
  act: { kind: 'scale'; count: number } | { kind: 'release' } | { kind: 'restart' };
}

/**
 * What it takes to run that many tasks of a service.
 * @param count `undefined` gives the number back to deploys
 * @throws UserError
 */
export async function planScale(
  aws: Aws,
  environment: string,
  service: string,
  count: number | undefined,
): Promise<Change[]> {
  const { services, observation } = await deployedServices(aws, environment, [service]);
  const isAutoscaled = observation.live.some(
    (object) => object.kind === SCALABLE_TARGET && serviceOf(object) === service,
  );
  if (isAutoscaled)
    throw new UserError(
      `The number of ${service}'s tasks is set by its autoscaling.`,
      `Change scale.min and scale.max in env.json or service.json, then: nx deploy ${environment}`,
    );
  const kept = observation.scales.get(service);
  return services.map((deployed) => {
    const before = deployed.live.desired;
    if (count === undefined)
      return adjustment(environment, deployed, { kind: 'release' }, kept === undefined ? 'same' : 'change', {
        reason: 'the next deploy sets the number of tasks again',
      });
    const is = kept === count && before === count;
    return adjustment(environment, deployed, { kind: 'scale', count }, is ? 'same' : 'change', {
      fields: before === count ? [] : [{ path: 'Properties.DesiredCount', before, after: count }],
      ...(is ? {} : { reason: 'deploys leave the number alone from now on' }),
    });
  });
}

/**
 * What it takes to start every task anew, as a deployment of ECS.
 * @param names all when absent
 * @throws UserError
 */
export async function planRestart(
  aws: Aws,
  environment: string,
  names: readonly string[] | undefined,
  reason = 'its tasks start anew',
): Promise<Change[]> {
  const { services } = await deployedServices(aws, environment, names);
  return services.map((deployed) => restart(environment, deployed, reason));
}

export function restart(environment: string, deployed: DeployedService, reason: string): Adjustment {
  return adjustment(environment, deployed, { kind: 'restart' }, 'change', { reason });
}

/** Does what was planned, and keeps the numbers that were set, so that deploys neither undo nor repeat them. */
export async function adjust(aws: Aws, changes: readonly Change[], signal?: AbortSignal): Promise<void> {
  for (const change of changes) {
    if (change.action === 'same') continue;
    signal?.throwIfAborted();
    const { environment, service, arn, act } = change as Adjustment;
    if (act.kind === 'restart') {
      const ecs = await aws.ecs();
      await ecs.updateService({ cluster: aws.settings.cluster, service: arn, forceNewDeployment: true });
    } else {
      // First what is to stay: a deploy that comes between goes by it.
      await keepScale(aws, environment, service, act.kind === 'scale' ? act.count : undefined);
      if (act.kind === 'scale') await setCount(aws, arn, act.count);
    }
  }
}

function adjustment(
  environment: string,
  { name: service, object, live }: DeployedService,
  act: Adjustment['act'],
  action: 'same' | 'change',
  more: Pick<Partial<Change>, 'fields' | 'reason'>,
): Adjustment {
  return {
    action,
    object: referenceOf(object),
    fields: [],
    desired: object,
    live: object,
    environment,
    service,
    arn: live.arn,
    act,
    ...more,
  };
}
