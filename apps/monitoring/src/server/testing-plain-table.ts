/* Only tests use this: the table as one goes through a whole state, to compare with what is kept current. */
import type { LiveObject } from '@berth/kube';
import { serviceOf, serviceStatus, type Seen } from '@berth/orchestrators';
import { routeTable, type ObservedEndpointSlice, type ObservedService } from '@berth/routes';
import { environmentKey, serviceKey, type Entry, type ServiceEntry } from '../entries';
import type { EnvironmentObjects } from './cluster-objects';
import { environmentEntries } from './environment-entries';
import { noRoutes, type EnvironmentRoutes } from './live-routes';
import type { Failures } from './table';

export class PlainTable {
  /** By the workload's uid. */
  readonly #seen = new Map<string, Seen>();

  /** Looks at all of it, each time. */
  read(objects: readonly LiveObject[], failures: Failures, now: Date): Map<string, Entry> {
    const sorted = [...objects].sort((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1));
    const of = (kind: string) => sorted.filter((object) => object.kind === kind);
    const workloads = ['Deployment', 'StatefulSet', 'DaemonSet'].flatMap(of);
    const routes = plainRoutes(of('Service'), of('EndpointSlice'));
    const entries = new Map<string, Entry>();
    for (const namespace of of('Namespace')) {
      const { name } = namespace.metadata;
      const own = (all: readonly LiveObject[]) => all.filter(({ metadata }) => metadata.namespace === name);
      const found: EnvironmentObjects = {
        namespace,
        lease: own(of('Lease'))[0],
        workloads: own(workloads),
        replicaSets: own(of('ReplicaSet')),
        pods: own(of('Pod')),
        events: own(of('Event')),
      };
      const itsRoutes = routes.get(name) ?? noRoutes;
      const surroundings = { routes: itsRoutes, failures, now, seenOf: () => new Map() };
      entries.set(environmentKey(name), environmentEntries(found, surroundings).environment);
      for (const workload of found.workloads) {
        const entry = this.#service(workload, found, itsRoutes, now);
        const failing = failures.get(`${name}/${entry.service}`);
        entries.set(serviceKey(entry), { ...entry, ...(failing && { failing: [...failing] }) });
      }
    }
    const isShown = ({ metadata }: LiveObject) => entries.has(environmentKey(metadata.namespace ?? ''));
    this.#forget(new Set(objects.filter(isShown).map(({ metadata }) => metadata.uid)));
    return entries;
  }

  #service(
    workload: LiveObject,
    objects: EnvironmentObjects,
    { hosts, ports }: EnvironmentRoutes,
    now: Date,
  ): ServiceEntry {
    const { uid, name, namespace = '', creationTimestamp } = workload.metadata;
    const seen = this.#seen.get(uid) ?? new Map<string, number>();
    const { name: service, health, images } = serviceStatus(workload, objects, seen, now);
    if (health.state === 'healthy') this.#seen.delete(uid);
    else this.#seen.set(uid, seen);
    const { state, ready, wanted, message } = health;
    return {
      ...{
        environment: namespace,
        service,
        kind: workload.kind,
        name,
        state,
        ready,
        wanted,
        message,
        images,
      },
      createdAt: creationTimestamp,
      hosts: [...(new Map(Object.entries(hosts)).get(service) ?? [])],
      ports: [...(new Map(Object.entries(ports)).get(service) ?? [])],
    };
  }

  /** Signs go with what has them, and with the environment. */
  #forget(there: ReadonlySet<string>): void {
    for (const [uid, seen] of this.#seen) {
      if (!there.has(uid)) this.#seen.delete(uid);
      for (const key of seen.keys()) if (!there.has(key.split('/')[0]!)) seen.delete(key);
    }
  }
}

/** What the gateway makes of a cluster's Services, by environment. */
export function plainRoutes(
  services: readonly LiveObject[],
  endpointSlices: readonly LiveObject[],
): Map<string, EnvironmentRoutes> {
  const { routes, refused } = routeTable({
    services: services as unknown as ObservedService[],
    endpointSlices: endpointSlices as unknown as ObservedEndpointSlice[],
  });
  const found = new Map<string, EnvironmentRoutes>();
  for (const namespace of new Set(services.map(({ metadata }) => metadata.namespace ?? ''))) {
    const own = services.filter(({ metadata }) => metadata.namespace === namespace);
    const owner = (name: string) => serviceOf(own.find(({ metadata }) => metadata.name === name)!);
    const served = [...routes].filter(([, { environment }]) => environment === namespace);
    const names = [...new Set(own.map(serviceOf))];
    const hostsOf = (name: string) =>
      served.filter(([, { service }]) => owner(service) === name).map(([host]) => host);
    const portsOf = (name: string) => own.filter((service) => serviceOf(service) === name).flatMap(portTexts);
    found.set(namespace, {
      hosts: Object.fromEntries(names.map((name) => [name, hostsOf(name)])),
      ports: Object.fromEntries(names.map((name) => [name, [...new Set(portsOf(name))].sort()])),
      asked: served
        .filter(([, { protocol }]) => protocol !== 'grpc')
        .map(([host, { service, proxy }]) => ({ host, service: owner(service), path: proxy?.path ?? '/' })),
      refused: refused
        .filter(({ service }) => service.namespace === namespace)
        .map(({ service, host, reason, message }) => ({
          service: service.name,
          ...(host ? { host } : {}),
          reason,
          message,
        })),
    });
  }
  return found;
}

function portTexts({ spec }: LiveObject): string[] {
  const { ports = [] } = (spec ?? {}) as { ports?: { name?: string; port: number; protocol?: string }[] };
  return ports.map(
    ({ name, port, protocol = 'TCP' }) =>
      `${name ? `${name} ` : ''}${port}${protocol === 'TCP' ? '' : ` ${protocol}`}`,
  );
}
