import type { RouteDifference } from './difference';
import type { Route } from './route';

/** Routes under a number that no other routes have had. */
export interface Table {
  /** From 1. */
  generation: number;
  /** By host. */
  routes: ReadonlyMap<string, Route>;
  /** Since when each route is served as it is, by host, in RFC 3339. Only the snapshot has it. */
  since?: ReadonlyMap<string, string>;
}

/*
 * A table, and a change of one, as nginx reads them from its socket and from its file (apps/gateway/nginx/lua/update.lua):
 * JSON in which each route is a line of its own, so that who reads it need not take all of it apart at once.
 */

export function tableText(table: Table): string {
  return [...tablePieces(table)].join('');
}

/** The same in pieces of a route each. */
export function* tablePieces({ generation, routes, since }: Table): Generator<string> {
  yield `{"generation":${generation},"routes":{`;
  yield* lines(routes);
  if (since) {
    yield '},"since":{';
    yield* lines(since);
  }
  yield '}}';
}

/** The change of table `from` into `generation`. */
export function changeText(from: number, generation: number, { set, remove }: RouteDifference): string {
  const head = `{"from":${from},"generation":${generation},"remove":${JSON.stringify(remove)},"set":{`;
  return [head, ...lines(set), '}}'].join('');
}

function* lines(values: ReadonlyMap<string, unknown>): Generator<string> {
  let before = '\n';
  for (const [key, value] of values) {
    yield `${before}${JSON.stringify(key)}:${JSON.stringify(value)}`;
    before = ',\n';
  }
  yield '\n';
}
