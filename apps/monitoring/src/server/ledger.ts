import type { Entry } from '../entries';

interface Line {
  entry: Entry;
  text: string;
  /** Of the change that brought it. */
  version: number;
}

/** What somebody who has seen one version needs to come to the newest. */
export interface Message {
  event: 'snapshot' | 'change';
  version: number;
  /** The fields `set` and `gone` of a TableChange, as JSON. */
  set: string;
  gone: string;
}

/** Keys of entries that have gone, so that who was away hears of them; beyond it there is a snapshot. */
const standardRemembered = 5_000;

/**
 * The table, and since which version each entry is as it is. A difference is made from any version to the newest when it
 * is asked for: nothing is kept for whom it is made.
 */
export class Ledger {
  readonly #lines = new Map<string, Line>();
  /** By key, with the version in which it went; the oldest first. */
  readonly #gone = new Map<string, number>();
  /** The newest version of which a key that has gone was forgotten. */
  #forgotten = 0;
  #version = 0;

  constructor(private readonly remembered = standardRemembered) {}

  get version(): number {
    return this.#version;
  }

  /** @returns whether anything is other than before */
  update(entries: ReadonlyMap<string, Entry>): boolean {
    const version = this.#version + 1;
    let changed = false;
    for (const [key, entry] of entries) {
      const before = this.#lines.get(key);
      if (before?.entry === entry) continue;
      const text = JSON.stringify(entry);
      if (before?.text === text) {
        before.entry = entry;
        continue;
      }
      this.#lines.set(key, { entry, text, version });
      this.#gone.delete(key);
      changed = true;
    }
    for (const key of this.#lines.keys()) {
      if (entries.has(key)) continue;
      this.#lines.delete(key);
      this.#gone.set(key, version);
      changed = true;
    }
    this.#forget();
    if (changed) this.#version = version;
    return changed;
  }

  /** @param version that somebody has; undefined, or one that is not known: a snapshot */
  after(version: number | undefined): Message {
    const isKnown = version !== undefined && version >= this.#forgotten && version <= this.#version;
    const from = isKnown ? version : -1;
    const set = [...this.#lines].filter(([, line]) => line.version > from);
    const gone = isKnown ? [...this.#gone].filter(([, went]) => went > from).map(([key]) => key) : [];
    return {
      event: isKnown ? 'change' : 'snapshot',
      version: this.#version,
      set: `{${set.map(([key, { text }]) => `${JSON.stringify(key)}:${text}`).join(',')}}`,
      gone: JSON.stringify(gone),
    };
  }

  #forget(): void {
    for (const [key, version] of this.#gone) {
      if (this.#gone.size <= this.remembered) return;
      this.#gone.delete(key);
      this.#forgotten = version;
    }
  }
}
