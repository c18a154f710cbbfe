import type { Route } from './route';

/** What turns one set of routes into another. */
export interface RouteDifference {
  /** Routes that are new or other than before, by host. */
  set: ReadonlyMap<string, Route>;
  /** Hosts that have no route any more. */
  remove: readonly string[];
}

/** The difference that, applied to `held`, gives `wanted`. */
export function difference(
  held: ReadonlyMap<string, Route>,
  wanted: ReadonlyMap<string, Route>,
): RouteDifference {
  const set = new Map<string, Route>();
  for (const [host, route] of wanted) {
    const before = held.get(host);
    if (!before || !isSameRoute(before, route)) set.set(host, route);
  }
  return { set, remove: [...held.keys()].filter((host) => !wanted.has(host)) };
}

/** The same, looking only at these hosts. */
export function differenceAt(
  hosts: Iterable<string>,
  held: ReadonlyMap<string, Route>,
  wanted: ReadonlyMap<string, Route>,
): RouteDifference {
  const set = new Map<string, Route>();
  const remove: string[] = [];
  for (const host of hosts) {
    const [before, route] = [held.get(host), wanted.get(host)];
    if (!route) {
      if (before) remove.push(host);
    } else if (!before || !isSameRoute(before, route)) {
      set.set(host, route);
    }
  }
  return { set, remove };
}

export function isEmpty({ set, remove }: RouteDifference): boolean {
  return set.size === 0 && remove.length === 0;
}

/** Field by field: a cluster has thousands of routes, and this runs on all of them at every change. */
export function isSameRoute(one: Route, other: Route): boolean {
  return (
    one === other ||
    (one.environment === other.environment &&
      one.service === other.service &&
      one.port === other.port &&
      one.protocol === other.protocol &&
      one.endpoints.length === other.endpoints.length &&
      one.endpoints.every((endpoint, index) => endpoint === other.endpoints[index]) &&
      isSameProxy(one.proxy ?? {}, other.proxy ?? {}))
  );
}

function isSameProxy(one: NonNullable<Route['proxy']>, other: NonNullable<Route['proxy']>): boolean {
  return (
    one === other ||
    (one.connectTimeout === other.connectTimeout &&
      one.readTimeout === other.readTimeout &&
      one.bodySize === other.bodySize &&
      one.path === other.path &&
      one.redirect === other.redirect &&
      one.hsts === other.hsts)
  );
}
