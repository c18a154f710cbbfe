import type { LiveObject } from '@berth/kube';
import type { Seen } from '@berth/orchestrators';
import { environmentKey, serviceKey, type Entry } from '../entries';
import {
  environmentEntries,
  noRoutes,
  type EnvironmentObjects,
  type EnvironmentRoutes,
} from './environment-entries';
import { environmentRoutes } from './environment-routes';
import { byNamespace, isSame } from './objects';
import type { ObservedCluster } from './observe';

interface Known {
  objects: readonly (LiveObject | undefined)[];
  routes: string;
  entries: ReadonlyMap<string, Entry>;
  /** Nothing of it becomes otherwise by time alone. */
  isSettled: boolean;
}

/**
 * Turns what was observed into the table of environments and services.
 * Each reading looks at the whole state, and what it says depends on that alone, and on how long signs have lasted.
 * Between two readings it remembers the environments of which no object has changed: a cluster has thousands.
 */
export class Table {
  /** When the signs of workloads that are not well were first seen, by the workload's uid. */
  readonly #seen = new Map<string, Seen>();
  #known = new Map<string, Known>();
  #services: readonly LiveObject[] = [];
  #endpointSlices: readonly LiveObject[] = [];
  #routes: ReadonlyMap<string, EnvironmentRoutes> = new Map();
  /** The same as text, to see what is other than before. */
  #routeTexts: ReadonlyMap<string, string> = new Map();

  /** What the gateway makes of what was read last, by environment. */
  get routes(): ReadonlyMap<string, EnvironmentRoutes> {
    return this.#routes;
  }

  /** Entries by key. */
  read(observed: ObservedCluster, now: Date): Map<string, Entry> {
    this.#readRoutes(observed);
    const objectsOf = byEnvironment(observed);
    const known = new Map<string, Known>();
    for (const namespace of observed.namespaces) {
      const { name } = namespace.metadata;
      known.set(name, this.#environment(name, objectsOf(namespace), now));
    }
    this.#known = known;
    this.#forgetSigns(observed);
    return new Map([...known.values()].flatMap(({ entries }) => [...entries]));
  }

  #environment(name: string, objects: EnvironmentObjects, now: Date): Known {
    const { namespace, lease, workloads, replicaSets, pods = [], events } = objects;
    const all = [namespace, lease, ...workloads, ...replicaSets, ...pods, ...events];
    const routes = this.#routes.get(name) ?? noRoutes;
    const routesText = this.#routeTexts.get(name) ?? '';
    const before = this.#known.get(name);
    if (before?.isSettled && before.routes === routesText && isSame(before.objects, all)) return before;
    const { environment, services } = environmentEntries(objects, routes, (each) => this.#signsOf(each), now);
    for (const [index, { state }] of services.entries())
      if (state === 'healthy') this.#seen.delete(workloads[index]!.metadata.uid);
    return {
      objects: all,
      routes: routesText,
      entries: new Map<string, Entry>([
        [environmentKey(name), environment],
        ...services.map((service) => [serviceKey(service), service] as const),
      ]),
      isSettled: lease === undefined && services.every(({ state }) => state === 'healthy'),
    };
  }

  #readRoutes({ services, endpointSlices }: ObservedCluster): void {
    if (isSame(services, this.#services) && isSame(endpointSlices, this.#endpointSlices)) return;
    this.#services = services;
    this.#endpointSlices = endpointSlices;
    this.#routes = environmentRoutes(services, endpointSlices);
    this.#routeTexts = new Map([...this.#routes].map(([name, routes]) => [name, JSON.stringify(routes)]));
  }

  #signsOf({ metadata: { uid } }: LiveObject): Seen {
    const seen = this.#seen.get(uid) ?? new Map<string, number>();
    this.#seen.set(uid, seen);
    return seen;
  }

  /** Of what is gone: pods come and go for months. A sign's key begins with the uid of what has it. */
  #forgetSigns({ pods, replicaSets, ...cluster }: ObservedCluster): void {
    if (this.#seen.size === 0) return;
    const workloads = workloadsOf(cluster).map(({ metadata }) => metadata.uid);
    const there = new Set([...pods, ...replicaSets].map(({ metadata }) => metadata.uid).concat(workloads));
    for (const [workload, seen] of this.#seen) {
      if (!there.has(workload)) this.#seen.delete(workload);
      for (const key of seen.keys()) if (!there.has(key.slice(0, key.indexOf('/')))) seen.delete(key);
    }
  }

  /** Signs that are remembered; for tests. */
  get signs(): number {
    return [...this.#seen.values()].reduce((sum, seen) => sum + seen.size, 0);
  }
}

/** What belongs to an environment, by its namespace. */
export function byEnvironment(observed: ObservedCluster): (namespace: LiveObject) => EnvironmentObjects {
  const workloads = byNamespace(workloadsOf(observed));
  const replicaSets = byNamespace(observed.replicaSets);
  const pods = byNamespace(observed.pods);
  const events = byNamespace(observed.events);
  const leases = byNamespace(observed.leases);
  return (namespace) => {
    const { name } = namespace.metadata;
    return {
      namespace,
      lease: leases(name)[0],
      workloads: workloads(name),
      replicaSets: replicaSets(name),
      pods: pods(name),
      events: events(name),
    };
  };
}

/** A cluster's workloads of all kinds. */
export function workloadsOf({
  deployments,
  statefulSets,
  daemonSets,
}: Pick<ObservedCluster, 'deployments' | 'statefulSets' | 'daemonSets'>): LiveObject[] {
  return [...deployments, ...statefulSets, ...daemonSets];
}
