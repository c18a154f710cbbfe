import { PROTECTED_ANNOTATION, TTL_ANNOTATION } from '@berth/manifests';
import type { LiveObject } from '@berth/kube';
import { expiresAt, holderOf, lastDeployOf, serviceStatus, type Seen } from '@berth/orchestrators';
import type { EnvironmentEntry, ProbeFailure, RefusedRoute, ServiceEntry } from '../entries';
import type { EnvironmentObjects } from './cluster-objects';
import type { EnvironmentRoutes } from './live-routes';
import { ownedObjects } from './owned-objects';

/** What an environment is shown by besides its own objects. */
export interface Surroundings {
  routes: EnvironmentRoutes;
  /** What does not answer, by `<environment>/<service>`. */
  failures: ReadonlyMap<string, readonly ProbeFailure[]>;
  /** When the signs of a workload were first seen, as of `judge`. */
  seenOf: (workload: LiveObject) => Seen;
  now: Date;
}

/** How an environment and its services are. Pure but for what `seenOf` gives. */
export function environmentEntries(
  objects: EnvironmentObjects,
  { routes: { hosts, refused, ports }, failures, seenOf, now }: Surroundings,
): { environment: EnvironmentEntry; services: ServiceEntry[] } {
  const environment = objects.namespace.metadata.name;
  const ownedBy = ownedObjects(objects);
  const services = objects.workloads.map((workload): ServiceEntry => {
    const { name, health, images } = serviceStatus(workload, ownedBy(workload), seenOf(workload), now);
    const { state, ready, wanted, message } = health;
    const failing = failures.get(`${environment}/${name}`);
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
      ...(failing && { failing: [...failing] }),
    };
  });
  return { environment: environmentEntry(objects, refused, now), services };
}

/** What such a list has of a service, which may have any name, `constructor` too. */
export function listOf(lists: Readonly<Record<string, readonly string[]>>, service: string): string[] {
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
