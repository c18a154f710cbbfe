import { eventTime, type LiveObject } from '@berth/kube';
import { deploysOf, serviceStatus } from '@berth/orchestrators';
import type { Details, EventDetail, ServiceKey } from '../entries';
import type { EnvironmentObjects } from './cluster-objects';
import { ownedObjects, type OwnedObjects } from './owned-objects';

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
  const found = ownedByService(objects, { kind, name });
  if (!found) return undefined;
  const events = [...(found.events as readonly (LiveObject & EventFields)[])]
    .sort((one, other) => eventTime(other) - eventTime(one))
    .slice(0, mostEvents);
  return {
    pods: serviceStatus(found.workload, found, new Map(), now).pods,
    events: events.map(eventDetail),
    deploys: deploysOf(objects.namespace),
  };
}

/** A workload and what it has made; undefined when there is no such workload. */
export function ownedByService(
  objects: EnvironmentObjects,
  { kind, name }: Pick<ServiceKey, 'kind' | 'name'>,
): (OwnedObjects & { workload: LiveObject }) | undefined {
  const workload = objects.workloads.find((each) => each.kind === kind && each.metadata.name === name);
  return workload && { workload, ...ownedObjects(objects)(workload) };
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
