import { endOfLife } from '@berth/deploy';
import {
  ENVIRONMENT_LABEL,
  PROTECTED_ANNOTATION,
  READINESS_LABEL,
  TTL_ANNOTATION,
  type SwarmReadiness,
} from '@berth/manifests';
import { routeLabels, sharedAddress } from '@berth/routes';
import { deploysIn } from '../deploy-notes';
import type { DockerConfig, DockerNode, DockerService, DockerTask } from './docker/objects';
import { byTime, taskName, whyOf, type SwarmState } from './health';
import { holderOf } from './lease';
import { environmentOfMark, isMark } from './mark';
import { deployedAtLabel, kindLabel, kinds, leaseName, managedByLabel } from './names';
import type { ShownEnd, ShownEnvironment, ShownService, ShownSwarm, ShownTask, ShownUpdate } from './shown';
import { isToRun, serviceStatus } from './status';

/** Asks a manager's dockerd for a list of what there is. */
export type AskList = <Item>(
  path: string,
  filters?: Readonly<Record<string, readonly string[]>>,
) => Promise<Item[]>;

/** What happens to these may change what is shown; types of Docker's events. */
export const shownEvents = ['service', 'node', 'container', 'config'];

const mostEnds = 10;

/**
 * All environments of a Swarm, as they are shown to people, by five questions that never differ. Of configs those are
 * asked for that have nothing in them: records, which have every variable of an environment, are not.
 * @param now by the clock of that manager
 */
export async function showSwarm(ask: AskList, now: () => Date): Promise<ShownSwarm> {
  const label = [ENVIRONMENT_LABEL];
  const ofKind = (kind: string) => ({ label: [`${kindLabel}=${kind}`, `${managedByLabel}=berth`] });
  const [services, tasks, nodes, marks, leases] = await Promise.all([
    ask<DockerService>('/services', { label }),
    ask<DockerTask>('/tasks', { label }),
    ask<DockerNode>('/nodes'),
    ask<DockerConfig>('/configs', ofKind(kinds.environment)),
    ask<DockerConfig>('/configs', ofKind(kinds.lease)),
  ]);
  return shownSwarm({ services, tasks, nodes, marks, leases }, now());
}

interface SwarmParts extends SwarmState {
  marks: readonly DockerConfig[];
  leases: readonly DockerConfig[];
}

/** The same of what dockerd has answered. Pure. */
export function shownSwarm({ services, tasks, nodes, marks, leases }: SwarmParts, now: Date): ShownSwarm {
  const tasksOf = grouped(tasks, ({ ServiceID }) => ServiceID);
  // Whose a service is comes from its name, which Docker gives once: labels may say anything.
  const servicesOf = grouped(services, ({ Spec: { Name } }) => Name.slice(0, Math.max(Name.indexOf('_'), 0)));
  const environments = marks.filter(isMark).map((mark): ShownEnvironment => {
    const environment = environmentOfMark(mark);
    const lease = leases.find(({ Spec }) => Spec.Name === leaseName(environment));
    const own = servicesOf(environment).map((service) =>
      shownService(service, { services: [service], tasks: tasksOf(service.ID), nodes }, now),
    );
    return { ...shownEnvironment(mark, lease, now), services: own.sort(byName) };
  });
  return {
    at: now.toISOString(),
    environments: environments.sort(byName),
    isMoving:
      services.some(({ UpdateStatus }) => /^(updating|rollback_started)$/.test(UpdateStatus?.State ?? '')) ||
      tasks.some((task) => isToRun(task) && task.Status.State !== 'running'),
  };
}

function shownEnvironment(
  mark: DockerConfig,
  lease: DockerConfig | undefined,
  now: Date,
): Omit<ShownEnvironment, 'services'> {
  const labels = mark.Spec.Labels ?? {};
  const { [TTL_ANNOTATION]: ttl } = labels;
  const isProtected = labels[PROTECTED_ANNOTATION] === 'true';
  const end = isProtected ? undefined : endOfLife(ttl, labels[deployedAtLabel] ?? mark.CreatedAt);
  const holder = holderOf(lease, now);
  return {
    name: environmentOfMark(mark),
    createdAt: mark.CreatedAt,
    protected: isProtected,
    ...(ttl === undefined ? {} : { ttl }),
    ...(end ? { expiresAt: end.toISOString() } : {}),
    deploys: deploysIn(labels),
    ...(holder ? { deploying: { holder: holder.holder, since: holder.since } } : {}),
  };
}

function shownService(service: DockerService, state: SwarmState, now: Date): ShownService {
  const { ID, CreatedAt, Spec, UpdateStatus } = service;
  const { name, health, images, pods } = serviceStatus(service, state, now);
  const byTaskName = new Map(state.tasks.map((task) => [taskName(service, task), task]));
  const update = shownUpdate(UpdateStatus);
  const readiness = readinessIn(Spec.Labels?.[READINESS_LABEL]);
  const network = state.tasks
    .filter(isToRun)
    .flatMap(({ NetworksAttachments }) => sharedAddress(NetworksAttachments) ?? [])[0];
  return {
    name,
    health: { state: health.state, ready: health.ready, wanted: health.wanted, message: health.message },
    images,
    routed: { id: ID, name: Spec.Name, createdAt: CreatedAt, labels: routeLabels(Spec.Labels) },
    tasks: pods.map((pod): ShownTask => {
      const error = byTaskName.get(pod.name)?.Status.Err ?? '';
      return { ...pod, ...(error === '' ? {} : { error }) };
    }),
    ended: endsOf(service, state.tasks),
    ...(update ? { update } : {}),
    ...(readiness ? { readiness } : {}),
    published: (Spec.EndpointSpec?.Ports ?? []).flatMap(({ Name = '', TargetPort, PublishedPort }) =>
      PublishedPort === undefined ? [] : [{ name: Name, port: TargetPort, published: PublishedPort }],
    ),
    ...(network === undefined ? {} : { network }),
  };
}

function endsOf(service: DockerService, tasks: readonly DockerTask[]): ShownEnd[] {
  return tasks
    .filter(({ Status }) => ['failed', 'rejected'].includes(Status.State))
    .sort(byTime)
    .reverse()
    .slice(0, mostEnds)
    .map((task) => ({
      at: task.Status.Timestamp,
      task: taskName(service, task),
      state: task.Status.State,
      why: whyOf(task),
    }));
}

function shownUpdate(status: DockerService['UpdateStatus']): ShownUpdate | undefined {
  const { State = '', StartedAt = '', CompletedAt = '', Message = '' } = status ?? {};
  return State === '' ? undefined : { state: State, at: CompletedAt || StartedAt, message: Message };
}

/** Undefined for a label that a person has spoilt. */
function readinessIn(label: string | undefined): SwarmReadiness | undefined {
  try {
    const { port, path } = JSON.parse(label ?? '{}') as Partial<SwarmReadiness>;
    const isOne = Number.isInteger(port) && typeof path === 'string' && path.startsWith('/');
    return isOne ? { port: port as number, path } : undefined;
  } catch {
    return undefined;
  }
}

function grouped<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): (key: string) => readonly Item[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return (key) => groups.get(key) ?? [];
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? -1 : 1;
}
