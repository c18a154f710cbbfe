import { PROTECTED_ANNOTATION, TTL_ANNOTATION } from '@berth/manifests';
import type { LiveObject } from '@berth/kube';
import {
  expiresAt,
  holderOf,
  lastDeployOf,
  serviceStatus,
  type Observed,
  type Seen,
} from '@berth/orchestrators';
import type { EnvironmentEntry, RefusedRoute, ServiceEntry } from '../entries';

/** Everything of one environment. */
export interface EnvironmentObjects extends Observed {
  namespace: LiveObject;
  /** That of a deploy. */
  lease: LiveObject | undefined;
}

/** What of the gateway's routes is an environment's. */
export interface EnvironmentRoutes {
  /** By the service that a Service belongs to. */
  hosts: Readonly<Record<string, readonly string[]>>;
  refused: readonly RefusedRoute[];
  /** Hosts that may be asked for a page, and at which path. */
  asked: readonly { host: string; service: string; path: string }[];
  /** Of the Services, by the service that they belong to; each once, sorted. */
  ports: Readonly<Record<string, readonly string[]>>;
}

export const noRoutes: EnvironmentRoutes = { hosts: {}, refused: [], asked: [], ports: {} };

/**
 * How an environment and its services are. Pure but for what `seenOf` gives.
 * @param seenOf when the signs of a workload were first seen, as of `judge`
 */
export function environmentEntries(
  objects: EnvironmentObjects,
  { hosts, refused, ports }: EnvironmentRoutes,
  seenOf: (workload: LiveObject) => Seen,
  now: Date,
): { environment: EnvironmentEntry; services: ServiceEntry[] } {
  const environment = objects.namespace.metadata.name;
  const services = objects.workloads.map((workload): ServiceEntry => {
    const { name, health, images } = serviceStatus(workload, objects, seenOf(workload), now);
    const { state, ready, wanted, message } = health;
    return {
      environment,
      service: name,
      kind: workload.kind,
      name: workload.metadata.name,
      state,
      ready,
      wanted,
      message,
      images,
      createdAt: workload.metadata.creationTimestamp,
      hosts: listOf(hosts, name),
      ports: listOf(ports, name),
    };
  });
  return { environment: environmentEntry(objects, refused, now), services };
}

/** A service may have any name, `constructor` too. */
function listOf(lists: Readonly<Record<string, readonly string[]>>, service: string): string[] {
  return [...(Object.hasOwn(lists, service) ? lists[service]! : [])];
}

function environmentEntry(
  { namespace, lease }: EnvironmentObjects,
  refused: readonly RefusedRoute[],
  now: Date,
): EnvironmentEntry {
  const { name, creationTimestamp, deletionTimestamp, annotations = {} } = namespace.metadata;
  const lastDeploy = lastDeployOf(namespace);
  const end = lastDeploy && expiresAt(namespace, lastDeploy.at);
  const holder = holderOf(lease, now);
  const ttl = annotations[TTL_ANNOTATION];
  return {
    name,
    createdAt: creationTimestamp,
    ending: deletionTimestamp !== undefined,
    protected: annotations[PROTECTED_ANNOTATION] === 'true',
    ...(ttl === undefined ? {} : { ttl }),
    ...(end ? { expiresAt: end.toISOString() } : {}),
    ...(lastDeploy ? { lastDeploy } : {}),
    ...(holder ? { deploying: { holder: holder.holder, since: holder.since } } : {}),
    refused: [...refused],
  };
}
