import type { Route } from '@berth/routes';

/** Routes under a number that no other routes have had. */
export interface Table {
  /** From 1. */
  generation: number;
  /** By host. */
  routes: ReadonlyMap<string, Route>;
}

/** The table as nginx reads it, from its socket and from its file. */
export function tableText({ generation, routes }: Table): string {
  return JSON.stringify({ generation, routes: Object.fromEntries(routes) });
}
