import { tablePieces, type Route, type Table } from '@berth/routes';
import type { Log } from './log';
import { StateFile } from './state-file';

/** The last table that nginx took, in the file that nginx loads when it starts. */
export class SnapshotFile extends StateFile<Table> {
  constructor(path: string, log: Log, pauseMs?: number) {
    super(path, { pieces: tablePieces, parse: parseTable }, log, pauseMs);
  }
}

/** @throws Error when it is no table. */
function parseTable(text: string): Table {
  const { generation, routes, since } = (JSON.parse(text) ?? {}) as Record<string, unknown>;
  if (!Number.isInteger(generation) || (generation as number) < 1) throw new Error('it has no generation');
  if (typeof routes !== 'object' || routes === null || !Object.values(routes).every(isRoute)) {
    throw new Error('it has no routes');
  }
  return {
    generation: generation as number,
    routes: new Map(Object.entries(routes)),
    since: new Map(Object.entries(since ?? {}).filter(([, time]) => !Number.isNaN(Date.parse(String(time))))),
  };
}

function isRoute(value: unknown): value is Route {
  const { service, endpoints } = (value ?? {}) as Partial<Route>;
  return typeof service === 'string' && Array.isArray(endpoints);
}
