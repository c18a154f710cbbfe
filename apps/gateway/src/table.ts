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
export function tableText(table: Table): string {
  return [...tablePieces(table)].join('');
}

/** The same in pieces of a route each. */
export function* tablePieces({ generation, routes, since }: Table): Generator<string> {
  yield `{"generation":${generation},"routes":`;
  yield* objectPieces(routes);
  if (since) {
    yield ',"since":';
    yield* objectPieces(since);
  }
  yield '}';
}

function* objectPieces(values: ReadonlyMap<string, unknown>): Generator<string> {
  let before = '{';
  for (const [key, value] of values) {
    yield `${before}${JSON.stringify(key)}:${JSON.stringify(value)}`;
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}
