import type { Task } from '@aws-sdk/client-ecs';
import type { EnvironmentStatus, PodStatus, ServiceStatus, StatusOptions } from '@berth/deploy';
import { FOLDERS_CONTAINER, PROBE_CONTAINER, type ManifestObject } from '@berth/manifests';
import type { Aws } from './aws';
import { servicesIn, type DeployedService } from './deployed-services';
import { judge } from './health';
import { ecsKinds, TASK_DEFINITION } from './kinds';
import { readHold } from './lease';
import { observe } from './observe';
import { records } from './records';
import { serviceOf } from './service-of';
import { idOf, tasksOf } from './tasks';

/** Environments that are asked about at a time: AWS refuses too many requests. */
const atOnce = 4;

/** How an environment is now. Changes nothing. */
export async function status(
  aws: Aws,
  environment: string,
  { pods = true }: StatusOptions = {},
): Promise<EnvironmentStatus> {
  const [observation, hold, [lastRecord]] = await Promise.all([
    observe(aws, environment),
    readHold(aws, environment, new Date()),
    records(aws, environment),
  ]);
  const services = await Promise.all(
    servicesIn(observation).map((deployed) => serviceStatus(aws, deployed, observation.live, pods)),
  );
  return {
    environment,
    exists: observation.exists,
    services: services.sort((one, other) => (one.name < other.name ? -1 : 1)),
    ...(lastRecord ? { lastRecord } : {}),
    ...(hold ? { deploying: { holder: hold.holder, since: hold.since.toISOString() } } : {}),
  };
}

/** Of several; one that cannot be read does not keep the others. In their order. */
export async function statuses(
  aws: Aws,
  environments: readonly string[],
  options: StatusOptions = {},
): Promise<PromiseSettledResult<EnvironmentStatus>[]> {
  const results: PromiseSettledResult<EnvironmentStatus>[] = [];
  for (let index = 0; index < environments.length; index += atOnce) {
    const some = environments.slice(index, index + atOnce);
    results.push(...(await Promise.allSettled(some.map((environment) => status(aws, environment, options)))));
  }
  return results;
}

async function serviceStatus(
  aws: Aws,
  { name, live }: DeployedService,
  objects: readonly ManifestObject[],
  pods: boolean,
): Promise<ServiceStatus> {
  const health = judge(name, live);
  const definition = objects.find((object) => object.kind === TASK_DEFINITION && serviceOf(object) === name);
  const asked = pods || health.state !== 'healthy';
  const tasks = asked ? await tasksOf(aws, live.arn, 'RUNNING') : [];
  return {
    name,
    health,
    images: [...new Set(definition ? ecsKinds.images(definition).slice(0, 1) : [])],
    pods: tasks.map(podStatus),
  };
}

/** One task, as people know pods: where it runs is its zone. Pure. */
export function podStatus(task: Task): PodStatus {
  const own = (task.containers ?? []).filter(
    ({ name }) => name !== FOLDERS_CONTAINER && name !== PROBE_CONTAINER,
  );
  const isRunning = task.lastStatus === 'RUNNING';
  const isUnwell = task.healthStatus === 'UNHEALTHY';
  const lastStatus = task.lastStatus ?? 'UNKNOWN';
  return {
    name: idOf(task),
    state: isUnwell ? 'Unhealthy' : `${lastStatus.slice(0, 1)}${lastStatus.slice(1).toLowerCase()}`,
    ready: isRunning && !isUnwell && own.every((container) => container.lastStatus === 'RUNNING'),
    // ECS starts no container again in its task, but a new task.
    restarts: 0,
    node: task.availabilityZone ?? '',
    startedAt: (task.startedAt ?? task.createdAt)?.toISOString() ?? '',
  };
}
