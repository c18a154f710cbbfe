import { eventTime, type LiveObject } from '@berth/kube';
import { deploysOf, serviceStatus } from '@berth/orchestrators';
import type { Details, EventDetail, ServiceKey } from '../entries';
import type { EnvironmentObjects } from './environment-entries';

/** Events that are sent of one service. */
const mostEvents = 50;

interface EventFields {
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  series?: { count?: number };
  involvedObject?: { kind?: string; name?: string; uid?: string };
}

/** What stands behind a service; undefined when there is no such workload. */
export function detailsOf(
  objects: EnvironmentObjects,
  { kind, name }: Pick<ServiceKey, 'kind' | 'name'>,
  now: Date,
): Details | undefined {
  const found = ownedObjects(objects, { kind, name });
  if (!found) return undefined;
  const { workload, replicaSets, pods } = found;
  const uids = new Set([workload, ...replicaSets, ...pods].map(({ metadata }) => metadata.uid));
  const events = (objects.events as readonly (LiveObject & EventFields)[])
    .filter(({ involvedObject }) => uids.has(involvedObject?.uid ?? ''))
    .sort((one, other) => eventTime(other) - eventTime(one))
    .slice(0, mostEvents);
  return {
    pods: serviceStatus(workload, objects, new Map(), now).pods,
    events: events.map(eventDetail),
    deploys: deploysOf(objects.namespace),
  };
}

/** A workload and what it has made; undefined when there is no such workload. */
export function ownedObjects(
  objects: EnvironmentObjects,
  { kind, name }: Pick<ServiceKey, 'kind' | 'name'>,
): { workload: LiveObject; replicaSets: LiveObject[]; pods: LiveObject[] } | undefined {
  const workload = objects.workloads.find((each) => each.kind === kind && each.metadata.name === name);
  if (!workload) return undefined;
  const replicaSets = ownedBy(objects.replicaSets, [workload]);
  return { workload, replicaSets, pods: ownedBy(objects.pods ?? [], [workload, ...replicaSets]) };
}

function ownedBy(objects: readonly LiveObject[], owners: readonly LiveObject[]): LiveObject[] {
  const uids = new Set(owners.map(({ metadata }) => metadata.uid));
  return objects.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uids.has(uid)));
}

function eventDetail(event: LiveObject & EventFields): EventDetail {
  const { type = '', reason = '', message = '', count, series, involvedObject = {} } = event;
  const time = eventTime(event);
  return {
    at: Number.isNaN(time) ? event.metadata.creationTimestamp : new Date(time).toISOString(),
    type,
    reason,
    object: `${involvedObject.kind ?? ''}/${involvedObject.name ?? ''}`,
    message,
    count: series?.count ?? count ?? 1,
  };
}
