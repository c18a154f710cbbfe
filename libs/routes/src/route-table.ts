import { LiveRouteTable } from './live-route-table';
import type { Observed } from './observed';
import { olderFirst } from './refusals';
import type { RouteTable } from './route';

export interface RouteTableOptions {
  /** Addresses of API servers besides those that the cluster's own EndpointSlice names. */
  apiServers?: Iterable<string>;
}

/** The table of a whole observed state, made anew; in whatever order that is given, the table is the same. */
export function routeTable(observed: Observed, { apiServers = [] }: RouteTableOptions = {}): RouteTable {
  const table = new LiveRouteTable();
  table.take(
    {
      services: new Map(
        [...observed.services]
          .sort(olderFirst)
          .map((service) => [`${service.metadata.namespace ?? ''}/${service.metadata.name}`, service]),
      ),
      endpointSlices: new Map(observed.endpointSlices.map((slice, index) => [String(index), slice])),
    },
    apiServers,
  );
  return { routes: table.routes, refused: table.refused };
}
