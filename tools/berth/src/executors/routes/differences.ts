import type { ServedRoute, ServedRoutes } from '@berth/routes';
import type { GatewayRow } from './read-gateways';

/** A host that not all pods of the gateway serve in the same way. */
export interface Difference {
  host: string;
  /** By pod, how it serves the host; null when it does not. */
  served: Readonly<Record<string, Omit<ServedRoute, 'since'> | null>>;
}

/** In what the tables of those pods differ that answered; for a moment after a change they may. */
export function differences(rows: readonly GatewayRow[]): Difference[] {
  const answered = rows.flatMap((row) => ('failure' in row ? [] : [row]));
  const hosts = new Set(answered.flatMap(({ served }) => Object.keys(served.routes)));
  return [...hosts].sort().flatMap((host) => {
    const served = answered.map(({ pod, served: { routes } }) => [pod, withoutTime(routes[host])] as const);
    const texts = new Set(served.map(([, route]) => JSON.stringify(route)));
    return texts.size > 1 ? [{ host, served: Object.fromEntries(served) }] : [];
  });
}

function withoutTime(route: ServedRoutes['routes'][string] | undefined): Omit<ServedRoute, 'since'> | null {
  if (!route) return null;
  const { since: _since, ...rest } = route;
  return rest;
}
