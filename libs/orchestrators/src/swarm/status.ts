import type { EnvironmentStatus, PodStatus, ServiceStatus } from '@berth/deploy';
import type { DockerClient } from './docker/client';
import type { DockerService, DockerTask } from './docker/objects';
import { isCurrent, judge, lostNode, slotOf, shortName, taskName, type SwarmState } from './health';
import { holderOf, readLease } from './lease';
import { readMark } from './mark';
import { readState } from './read-state';
import { records } from './records';
import { managerNode } from './swarm-state';
import { plainHealth } from './watch';

/** Milliseconds after which a failure is history. */
const recentMs = 120_000;

/** How an environment is now. Changes nothing. */
export async function status(client: DockerClient, environment: string): Promise<EnvironmentStatus> {
  await managerNode(client);
  const [mark, state, lease, [lastRecord]] = await Promise.all([
    readMark(client, environment),
    readState(client, environment),
    readLease(client, environment),
    records(client, environment),
  ]);
  const now = client.now();
  const holder = holderOf(lease, now);
  const services = state.services.map((service): ServiceStatus => serviceStatus(service, state, now));
  return {
    environment,
    exists: mark !== undefined,
    services: services.sort((one, other) => (one.name < other.name ? -1 : 1)),
    ...(lastRecord ? { lastRecord } : {}),
    ...(holder ? { deploying: { holder: holder.holder, since: holder.since } } : {}),
  };
}

/** How one service is now. */
export function serviceStatus(service: DockerService, state: SwarmState, now: Date): ServiceStatus {
  const own = state.tasks.filter(({ ServiceID }) => ServiceID === service.ID);
  const live = own.filter(isToRun);
  return {
    name: shortName(service),
    health: plainHealth(judge(service, state, now.getTime() - recentMs, now.getTime())),
    images: [service.Spec.TaskTemplate.ContainerSpec?.Image ?? ''],
    pods: live.map((task) => podStatus(service, task, own, state)),
  };
}

/** Whether Swarm wants the task to run. */
export function isToRun({ DesiredState }: DockerTask): boolean {
  return ['running', 'ready'].includes(DesiredState);
}

/** A task, as what other orchestrators call a pod. Swarm replaces tasks, so those that failed before it are its restarts. */
function podStatus(
  service: DockerService,
  task: DockerTask,
  tasks: readonly DockerTask[],
  { nodes }: SwarmState,
): PodStatus {
  const before = tasks.filter(
    (other) => slotOf(other) === slotOf(task) && other.Status.State === 'failed' && isCurrent(other, service),
  );
  const isLost = lostNode(task, nodes) !== undefined;
  return {
    name: taskName(service, task),
    state: isLost ? 'node lost' : task.Status.State,
    ready: task.Status.State === 'running' && !isLost,
    restarts: before.length,
    node: nodes.find(({ ID }) => ID === task.NodeID)?.Description?.Hostname ?? '',
    startedAt: task.Status.Timestamp,
  };
}
