import type { Refusal, Route } from './route';

/** A route as a gateway serves it. */
export interface ServedRoute extends Route {
  /** RFC 3339: it is as it is since then; absent when the gateway does not know. */
  since?: string | undefined;
}

/** What a gateway's controller answers at `/routes`. */
export interface ServedRoutes {
  /** Of the table in nginx; 0 when it has none or does not answer. */
  generation: number;
  /** Whether the cluster was listed: else the routes are those of an earlier run. */
  listed: boolean;
  /** By host. */
  routes: Readonly<Record<string, ServedRoute>>;
  refused: readonly Refusal[];
}
