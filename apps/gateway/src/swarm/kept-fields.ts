import { routeLabels, sharedAddress, type NetworkAttachment, type SwarmService } from '@berth/routes';
import type { SwarmState, SwarmTask } from './state';

/** A service as dockerd's API has it, as far as it is read. */
export interface DockerService {
  ID: string;
  CreatedAt: string;
  Spec: { Name: string; Labels?: Readonly<Record<string, string>> | null };
  UpdateStatus?: { State?: string } | null;
}

/** A task as dockerd's API has it, as far as it is read. */
export interface DockerTask {
  ServiceID: string;
  Status: { State: string };
  NetworksAttachments?: readonly NetworkAttachment[] | null;
}

/** States of a task that will not run any more, though its service may still want it to. */
const ENDED = new Set(['complete', 'shutdown', 'failed', 'rejected', 'remove', 'orphaned']);

/** What is told of services, and of the tasks that are to run. Tasks of other services are left out. */
export function keptState(services: readonly DockerService[], tasks: readonly DockerTask[]): SwarmState {
  const ids = new Set(services.map(({ ID }) => ID));
  const kept = tasks.filter((task) => ids.has(task.ServiceID));
  return {
    services: services.map(keptService),
    tasks: kept.filter(({ Status }) => !ENDED.has(Status.State)).map(keptTask),
    isMoving:
      kept.some(({ Status }) => Status.State !== 'running') ||
      services.some(({ UpdateStatus }) => /^(updating|rollback_started)$/.test(UpdateStatus?.State ?? '')),
  };
}

function keptService({ ID, CreatedAt, Spec }: DockerService): SwarmService {
  return { id: ID, name: Spec.Name, createdAt: CreatedAt, labels: routeLabels(Spec.Labels) };
}

function keptTask({ ServiceID, Status, NetworksAttachments }: DockerTask): SwarmTask {
  const address = sharedAddress(NetworksAttachments)?.split('/')[0];
  return {
    service: ServiceID,
    runs: Status.State === 'running',
    ...(address !== undefined && { address }),
  };
}
