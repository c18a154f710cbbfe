import type { Route } from '@berth/routes';

/** Routes under a number that no other routes have had. */
export interface Table {
  /** From 1. */
  generation: number;
  /** By host. */
  routes: ReadonlyMap<string, Route>;
  /** Since when each route is served as it is, by host, in RFC 3339. Only the snapshot has it. */
  since?: ReadonlyMap<string, string>;
}

/** The table as nginx reads it, from its socket and from its file. */
export function tableText({ generation, routes, since }: Table): string {
  return JSON.stringify({
    generation,
    routes: Object.fromEntries(routes),
    ...(since && { since: Object.fromEntries(since) }),
  });
}
