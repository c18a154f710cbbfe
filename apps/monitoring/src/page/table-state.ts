import {
  environmentKey,
  SOURCE_KEY,
  type EnvironmentEntry,
  type Entry,
  type ServiceEntry,
  type SourceEntry,
  type TableChange,
} from '../entries';

/** One environment, and its services by name. */
export interface Row {
  environment: EnvironmentEntry;
  services: readonly ServiceEntry[];
}

/** All that the server has told. A row that is as before is the same object. */
export interface TableState {
  source: SourceEntry;
  /** By name. */
  rows: readonly Row[];
}

export const emptyTable: TableState = { source: {}, rows: [] };

/** The entries that the server has told of, and the rows made of them. */
export class TableEntries {
  #entries = new Map<string, Entry>();
  /** Keys of its services, by environment. */
  #services = new Map<string, Set<string>>();
  #rows = new Map<string, Row>();

  /** @param fromNothing what was told before is void */
  take({ set, gone }: Pick<TableChange, 'set' | 'gone'>, fromNothing: boolean): TableState {
    if (fromNothing) {
      this.#entries.clear();
      this.#services.clear();
      this.#rows.clear();
    }
    const touched = new Set<string>();
    for (const [key, entry] of Object.entries(set)) {
      this.#entries.set(key, entry);
      touched.add(this.#file(key, (keys) => keys.add(key)));
    }
    for (const key of gone) {
      this.#entries.delete(key);
      touched.add(this.#file(key, (keys) => keys.delete(key)));
    }
    for (const environment of touched) this.#makeRow(environment);
    return {
      source: (this.#entries.get(SOURCE_KEY) ?? {}) as SourceEntry,
      rows: [...this.#rows.values()].sort((one, other) =>
        order(one.environment.name, other.environment.name),
      ),
    };
  }

  /** @returns the environment that the key belongs to */
  #file(key: string, change: (keys: Set<string>) => void): string {
    const [what, environment = ''] = key.split('/');
    if (what !== 'service') return environment;
    const keys = this.#services.get(environment) ?? new Set();
    this.#services.set(environment, keys);
    change(keys);
    return environment;
  }

  #makeRow(name: string): void {
    const environment = this.#entries.get(environmentKey(name)) as EnvironmentEntry | undefined;
    if (!environment) return void this.#rows.delete(name);
    const services = [...(this.#services.get(name) ?? [])]
      .map((key) => this.#entries.get(key) as ServiceEntry)
      .sort((one, other) => order(one.service, other.service) || order(one.name, other.name));
    this.#rows.set(name, { environment, services });
  }
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
