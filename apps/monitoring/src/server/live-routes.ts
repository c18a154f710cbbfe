import type { LiveObject } from '@berth/kube';
import { serviceOf } from '@berth/orchestrators';
import {
  LiveRouteTable,
  olderFirst,
  type ObservedChanges as RouteChanges,
  type ObservedService,
} from '@berth/routes';
import type { RefusedRoute } from '../entries';
import { namespaceOf } from './cluster-objects';
import type { ObservedChanges } from './observe';

/** What of the gateway's routes is an environment's. */
export interface EnvironmentRoutes {
  /** By the service that a Service belongs to; those of its older Services first. */
  hosts: Readonly<Record<string, readonly string[]>>;
  refused: readonly RefusedRoute[];
  /** Hosts that may be asked for a page, and at which path. */
  asked: readonly { host: string; service: string; path: string }[];
  /** Of the Services, by the service that they belong to; each once, sorted. */
  ports: Readonly<Record<string, readonly string[]>>;
}

export const noRoutes: EnvironmentRoutes = { hosts: {}, refused: [], asked: [], ports: {} };

/** What the gateway makes of a cluster's Services, by environment, kept current: by the gateway's own table. */
export class LiveRoutes {
  readonly #table = new LiveRouteTable();
  readonly #environments = new Map<string, { routes: EnvironmentRoutes; text: string }>();

  /** The same value as long as nothing of it is other than before. */
  of(environment: string): EnvironmentRoutes {
    return this.#environments.get(environment)?.routes ?? noRoutes;
  }

  /**
   * Takes in what has changed.
   * @param servicesIn all of a namespace, as they are then
   * @returns the namespaces whose routes are other than before
   */
  take(
    { services, endpointSlices }: Pick<ObservedChanges, 'services' | 'endpointSlices'>,
    servicesIn: (namespace: string) => readonly LiveObject[],
  ): Set<string> {
    const { hosts, refused } = this.#table.take({ services, endpointSlices } as unknown as RouteChanges);
    // Who has lost a host to another namespace, or got it back, has something else refused than before.
    const touched = new Set([...services.keys(), ...refused].map(namespaceOf));
    for (const host of hosts) {
      const route = this.#table.routes.get(host);
      if (route) touched.add(route.environment);
    }
    return new Set([...touched].filter((namespace) => this.#make(namespace, servicesIn(namespace))));
  }

  /** @returns whether its routes are other than before */
  #make(namespace: string, services: readonly LiveObject[]): boolean {
    const before = this.#environments.get(namespace);
    if (services.length === 0) return this.#environments.delete(namespace);
    const routes = this.#routesOf(namespace, services as unknown as ObservedService[]);
    const text = JSON.stringify(routes);
    if (before?.text === text) return false;
    this.#environments.set(namespace, { routes, text });
    return true;
  }

  #routesOf(namespace: string, services: readonly ObservedService[]): EnvironmentRoutes {
    const hosts = new Map<string, string[]>();
    const ports = new Map<string, Set<string>>();
    const asked: { host: string; service: string; path: string }[] = [];
    const refused: RefusedRoute[] = [];
    for (const service of [...services].sort(olderFirst)) {
      const { name } = service.metadata;
      const owner = serviceOf(service as unknown as LiveObject);
      ports.set(owner, new Set([...(ports.get(owner) ?? []), ...portsOf(service)]));
      const key = `${namespace}/${name}`;
      // Those that are not public have none.
      if (!this.#table.service(key)) continue;
      for (const host of new Set(this.#table.hostsOf(key))) {
        const route = this.#table.routes.get(host);
        if (route?.environment !== namespace || route.service !== name) continue;
        hosts.set(owner, [...(hosts.get(owner) ?? []), host]);
        // gRPC has no page.
        if (route.protocol !== 'grpc') asked.push({ host, service: owner, path: route.proxy?.path ?? '/' });
      }
      for (const { host, reason, message } of this.#table.refusedOf(key))
        refused.push({ service: name, ...(host ? { host } : {}), reason, message });
    }
    return {
      hosts: Object.fromEntries(hosts),
      ports: Object.fromEntries([...ports].map(([owner, set]) => [owner, [...set].sort()])),
      refused,
      asked,
    };
  }
}

function portsOf({ spec }: ObservedService): string[] {
  return (spec?.ports ?? []).map(({ name = '', port, protocol = 'TCP' }) =>
    [name, port, protocol === 'TCP' ? '' : protocol].filter((part) => part !== '').join(' '),
  );
}
