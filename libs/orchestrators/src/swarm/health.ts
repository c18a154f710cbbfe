import type { WorkloadHealth } from '@berth/deploy';
import { SWARM_API } from '@berth/manifests';
import type { DockerNode, DockerService, DockerTask } from './docker/objects';
import { serviceLabel } from './names';
import { isPullFailure } from './pull-failure';
import { isDeepStrictEqual } from 'node:util';

/** After so many failures of one slot there is no hope: two may be of what it needs not being there yet. */
const crashes = 3;
/** Milliseconds that a task without a health check must have run: that it runs says little. */
const provenMs = 3_000;
/** Milliseconds after which a task that no node takes is not waited for. */
const placingMs = 5_000;

/** What there is to judge services by. */
export interface SwarmState {
  services: readonly DockerService[];
  /** Those of these services, and no others. */
  tasks: readonly DockerTask[];
  nodes: readonly DockerNode[];
}

export interface Judgement extends WorkloadHealth {
  service: DockerService;
  /** The task that is not well. */
  task?: DockerTask;
  /** Its image is not there, or its registry does not answer: Docker does not say which. */
  lacksImage?: boolean;
}

const gone = new Set(['failed', 'rejected', 'shutdown', 'orphaned', 'complete', 'remove']);

/**
 * Judges one service by its tasks.
 * @param since failures before it do not count, in milliseconds since 1970
 * @param now by dockerd's clock
 */
export function judge(service: DockerService, state: SwarmState, since: number, now: number): Judgement {
  const own = state.tasks.filter(({ ServiceID }) => ServiceID === service.ID);
  const current = own.filter((task) => isCurrent(task, service));
  const isSaidToRun = ({ Status, DesiredState }: DockerTask) =>
    Status.State === 'running' && DesiredState === 'running';
  const isRunning = (task: DockerTask) => isSaidToRun(task) && !lostNode(task, state.nodes);
  const running = current.filter(isRunning);
  const proven = running.filter((task) => isProven(task, now));
  const old = own.filter((task) => !current.includes(task) && isRunning(task));
  const wanted = wantedOf(service, state.nodes);
  const ready = Math.min(proven.length, wanted);
  const base = { object: referenceOf(service), service, ready, wanted };
  const surplus = running.length - wanted;
  if (proven.length >= wanted && old.length === 0 && surplus <= 0)
    return { ...base, state: 'healthy', message: '' };

  const failed = current.filter(
    ({ Status }) => ['failed', 'rejected'].includes(Status.State) && Date.parse(Status.Timestamp) >= since,
  );
  // A slot that works again has got over it.
  const failing = failed.filter((task) => !proven.some((other) => slotOf(other) === slotOf(task)));
  const last = failing.sort(byTime).at(-1);
  const waiting = current.find(({ Status }) => Status.State === 'pending' && Status.Err);
  const at = (task: DockerTask) => ({ task, pod: taskName(service, task) });
  if (last) {
    const why = whyOf(last);
    const lacksImage = isForWantOfImage(last);
    if (lacksImage) return { ...base, ...at(last), state: 'progressing', lacksImage, message: why };
    const inSlot = failing.filter((task) => slotOf(task) === slotOf(last) && !isForWantOfImage(task));
    const isRefused = last.Status.State === 'rejected';
    if (inSlot.length >= crashes || (isRefused && inSlot.length > 1))
      return {
        ...base,
        ...at(last),
        state: 'hopeless',
        message: isRefused ? why : `crashed ${inSlot.length} times (${why})`,
      };
    return { ...base, ...at(last), state: 'progressing', message: `${why}; it is started again` };
  }
  if (waiting) {
    const patience = Date.parse(waiting.Status.Timestamp) + placingMs;
    return {
      ...base,
      ...at(waiting),
      state: now > patience ? 'hopeless' : 'progressing',
      message: `no node takes it: ${waiting.Status.Err}`,
    };
  }
  const stranded = current.find((task) => isSaidToRun(task) && lostNode(task, state.nodes));
  if (stranded) {
    const { ID, Description } = lostNode(stranded, state.nodes)!;
    const message = `its node ${Description?.Hostname ?? ID} does not answer`;
    return { ...base, ...at(stranded), state: 'progressing', message };
  }
  // Its log says what it waits for.
  const coming = current.find((task) => !proven.includes(task) && !gone.has(task.Status.State));
  const message =
    old.length > 0 && proven.length >= wanted
      ? `${old.length} of the version before still run`
      : surplus > 0
        ? `${surplus} more than wanted still run`
        : coming
          ? `one is ${coming.Status.State}`
          : 'its tasks are being made';
  return { ...base, ...(coming ? at(coming) : {}), state: 'progressing', message };
}

/** Whether a task is of what its service asks for now. */
export function isCurrent(task: DockerTask, service: DockerService): boolean {
  // Docker says of a service what runtime it has, and of its tasks not.
  const { Runtime: _runtime, ...asked } = service.Spec.TaskTemplate;
  const { Runtime: _own, ...has } = task.Spec;
  return isDeepStrictEqual(has, asked);
}

/**
 * The node of a task, when the managers do not hear from it. Swarm takes the task for running all the while until it gives
 * the node up; after a change of the leader that took twenty seconds more.
 */
export function lostNode({ NodeID }: DockerTask, nodes: readonly DockerNode[]): DockerNode | undefined {
  return nodes.find(({ ID, Status }) => ID === NodeID && Status.State !== 'ready');
}

/**
 * Whether an update has ended short of what was asked for, and goes on when it is asked to: at a failure that is over; or
 * with two tasks in one slot, as when Swarm has started a failed task again while the update replaced it.
 */
export function isStuck(service: DockerService, state: SwarmState): boolean {
  const current = state.tasks.filter((task) => task.ServiceID === service.ID && isCurrent(task, service));
  const alive = current.filter(
    ({ Status, DesiredState }) => DesiredState === 'running' && !gone.has(Status.State),
  );
  if (!alive.every(({ Status }) => Status.State === 'running')) return false;
  switch (service.UpdateStatus?.State) {
    case 'paused':
      return alive.length > 0;
    case 'completed':
      return new Set(alive.map(slotOf)).size < alive.length;
    default:
      return false;
  }
}

function isProven({ Spec, Status }: DockerTask, now: number): boolean {
  const [kind] = Spec.ContainerSpec?.Healthcheck?.Test ?? [];
  return (kind !== undefined && kind !== 'NONE') || now - Date.parse(Status.Timestamp) >= provenMs;
}

function wantedOf({ Spec: { Mode, TaskTemplate } }: DockerService, nodes: readonly DockerNode[]): number {
  if (Mode.Replicated) return Mode.Replicated.Replicas ?? 1;
  const onManagers = TaskTemplate.Placement?.Constraints?.includes('node.role==manager');
  return nodes.filter(
    ({ Status, Spec }) =>
      Status.State === 'ready' && Spec.Availability === 'active' && (!onManagers || Spec.Role === 'manager'),
  ).length;
}

/** Why a task has ended. */
export function whyOf({ Status: { Err = '', ContainerStatus, State } }: DockerTask): string {
  if (/unhealthy container/.test(Err)) return 'its health check fails';
  const folder = /bind source path does not exist: (.+)/.exec(Err)?.[1];
  if (folder !== undefined) return `its node has no ${folder}`;
  const code = ContainerStatus?.ExitCode;
  if (State === 'failed' && code !== undefined && /non-zero exit/.test(Err))
    return `exit code ${code}${code === 137 ? ', killed: perhaps for want of memory' : ''}`;
  return Err || State;
}

/** Whether a task has ended since its image could not be pulled; the registry knows whether it ever can. */
function isForWantOfImage({ Status: { Err = '' } }: DockerTask): boolean {
  return isPullFailure(Err);
}

/** `pricing.1.x4k…`, as docker's own commands name a task. */
export function taskName(service: DockerService, task: DockerTask): string {
  return `${shortName(service)}.${slotOf(task)}.${task.ID.slice(0, 12)}`;
}

export function slotOf(task: DockerTask): string {
  return String(task.Slot ?? task.NodeID ?? '');
}

export function shortName({ Spec: { Labels = {}, Name } }: DockerService): string {
  return Labels[serviceLabel] ?? Name.slice(Name.indexOf('_') + 1);
}

function referenceOf(service: DockerService): WorkloadHealth['object'] {
  const { Name } = service.Spec;
  return {
    apiVersion: SWARM_API,
    kind: 'Service',
    name: shortName(service),
    namespace: Name.slice(0, Name.indexOf('_')),
  };
}

export function byTime(one: DockerTask, other: DockerTask): number {
  return Date.parse(one.Status.Timestamp) - Date.parse(other.Status.Timestamp);
}
