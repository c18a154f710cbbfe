import { setTimeout as delay } from 'node:timers/promises';
import type { HealthOptions, WorkloadHealth } from '@berth/deploy';
import { stackName, type ManifestObject } from '@berth/manifests';
import { UserError } from '@berth/model';
import type { Aws } from './aws';
import { named } from './aws-error';
import type { Execution } from './apply';
import { serviceFailure, stackFailure } from './failure';
import { judge } from './health';
import { ECS_SERVICE } from './kinds';
import { serviceOf } from './service-of';
import { readServices, type LiveService } from './services';
import { hasFailed, isInProgress, readStack } from './stack';

/**
 * Waits until CloudFormation is done and every desired service runs as many tasks as it is to.
 * @param execution what this process has set going; without it only the services count
 * @param pollMs milliseconds between two looks
 * @throws UserError when the stack was rolled back, when a deployment of ECS has failed, or when the time is over
 */
export async function watch(
  aws: Aws,
  environment: string,
  desired: readonly ManifestObject[],
  execution: Execution | undefined,
  { timeoutMs, onHealth, signal }: HealthOptions,
  pollMs: number,
): Promise<void> {
  const names = new Map(
    desired
      .filter(({ kind }) => kind === ECS_SERVICE)
      .map((object) => [object.metadata.name, serviceOf(object)]),
  );
  const end = performance.now() + timeoutMs;
  let told = '';
  for (;;) {
    signal?.throwIfAborted();
    const stack = await readStack(aws, environment);
    if (!stack) throw gone(environment);
    const services = await readServices(aws, environment);
    const health = healthOf(names, services);
    const text = JSON.stringify(health);
    if (text !== told) onHealth?.(health);
    told = text;
    if (!isInProgress(stack)) {
      if (execution && hasFailed(stack)) throw await stackFailure(aws, environment, execution, names, stack);
      const hopeless = health.find(({ state }) => state === 'hopeless');
      if (hopeless) {
        const { message: why, object } = hopeless;
        const [logicalId = ''] = [...names].find(([, service]) => service === object.name) ?? [];
        const arn = services.get(logicalId)?.arn ?? '';
        throw await serviceFailure(aws, environment, { service: object.name, arn, why });
      }
      if (health.every(({ state }) => state === 'healthy')) return;
    }
    if (performance.now() > end)
      throw await late(aws, environment, { timeoutMs, health, services, names, stack });
    await delay(pollMs, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
  }
}

function healthOf(
  names: ReadonlyMap<string, string>,
  services: ReadonlyMap<string, LiveService>,
): WorkloadHealth[] {
  return [...names].map(([logicalId, service]) => judge(service, services.get(logicalId)));
}

interface Lateness {
  timeoutMs: number;
  health: readonly WorkloadHealth[];
  services: ReadonlyMap<string, LiveService>;
  names: ReadonlyMap<string, string>;
  stack: { status: string };
}

async function late(
  aws: Aws,
  environment: string,
  { timeoutMs, health, services, names, stack }: Lateness,
): Promise<UserError> {
  const waiting = health.filter(({ state }) => state !== 'healthy');
  const lines = [
    `${environment} is not healthy after ${Math.round(timeoutMs / 1000)} s:`,
    ...(isInProgress(stack) ? [`  the stack is ${stack.status}; CloudFormation goes on with it`] : []),
    ...waiting.map(({ object, message }) => `  ${object.name}: ${message}`),
  ];
  const [first] = waiting;
  if (!first)
    return new UserError(
      lines.join('\n'),
      `aws cloudformation describe-stack-events --stack-name ${stackName(environment)} ${named(aws.settings)}`,
    );
  const [logicalId = ''] = [...names].find(([, service]) => service === first.object.name) ?? [];
  const failed = { service: first.object.name, arn: services.get(logicalId)?.arn ?? '', why: first.message };
  return serviceFailure(aws, environment, failed, lines.join('\n'));
}

function gone(environment: string): UserError {
  return new UserError(
    `The stack ${stackName(environment)} has gone meanwhile: somebody removed it.`,
    `nx deploy ${environment}`,
  );
}
