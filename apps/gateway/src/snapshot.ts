import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Route } from '@berth/routes';
import { errorText, type Log } from './log';
import { tableText, type Table } from './table';

/** Milliseconds between the end of one writing and the next: at thousands of routes the text takes a while. */
const PAUSE_MS = 200;

/**
 * The last table that nginx took, in the file that nginx loads when it starts.
 * Replaced whole by a rename, so that a reader sees the old or the new one. It is not forced to the disk: it lives as
 * long as the pod does and has to outlive its containers, not the machine.
 */
export class SnapshotFile {
  #next: Table | undefined;
  #writing: Promise<void> | undefined;

  constructor(
    private readonly path: string,
    private readonly log: Log,
    private readonly pauseMs = PAUSE_MS,
  ) {}

  /** The table in the file; undefined when there is none, or none that can be read. */
  async load(): Promise<Table | undefined> {
    try {
      return parseTable(await readFile(this.path, 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        this.log.warn('the snapshot cannot be read and is left out', { error: errorText(error) });
      }
      return undefined;
    }
  }

  /** Has the table written soon; of those that wait only the last. */
  save(table: Table): void {
    this.#next = table;
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
  }

  /** Until all that was saved is in the file, or could not be written. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#next) {
      const table = this.#next;
      this.#next = undefined;
      try {
        const temporary = `${this.path}.tmp`;
        await writeFile(temporary, tableText(table), { mode: 0o600 });
        await rename(temporary, this.path);
      } catch (error) {
        this.log.error('the snapshot cannot be written', { error: errorText(error) });
      }
      await new Promise((resolve) => setTimeout(resolve, this.pauseMs));
    }
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
