import type { Entry } from '../entries';

/** What of the table may be other than before. */
export interface EntryChanges {
  /** By key. */
  set: ReadonlyMap<string, Entry>;
  /** Keys. */
  gone: readonly string[];
}

/** What somebody who has seen one version needs to come to the newest. */
export interface Message {
  event: 'snapshot' | 'change';
  version: number;
  /** The fields `set` and `gone` of a TableChange, as JSON. */
  set: string;
  gone: string;
}

/** Keys of what has changed, of all versions together, for whom was away; beyond it there is a snapshot. */
const standardRemembered = 20_000;

/**
 * The table as text, and which of its keys each version has changed. A difference is made from any version to the newest
 * when it is asked for, and kept while that is the newest: most pages have the same.
 */
export class Ledger {
  readonly #lines = new Map<string, string>();
  /** Keys that each of the newest versions has changed; the last is of this version. */
  readonly #steps: (readonly string[])[] = [];
  /** Keys in the steps. */
  #stepped = 0;
  #version = 0;
  /** By the version from which they lead to the newest. */
  readonly #differences = new Map<number, Message>();

  constructor(private readonly remembered = standardRemembered) {}

  get version(): number {
    return this.#version;
  }

  /** @returns whether anything is other than before */
  update({ set, gone }: EntryChanges): boolean {
    const keys: string[] = [];
    for (const [key, entry] of set) {
      const text = JSON.stringify(entry);
      if (this.#lines.get(key) === text) continue;
      this.#lines.set(key, text);
      keys.push(key);
    }
    for (const key of gone) if (this.#lines.delete(key)) keys.push(key);
    if (keys.length === 0) return false;
    this.#version++;
    this.#differences.clear();
    this.#steps.push(keys);
    this.#stepped += keys.length;
    while (this.#stepped > this.remembered) this.#stepped -= this.#steps.shift()!.length;
    return true;
  }

  /** @param version that somebody has; undefined, or one that is not known: a snapshot */
  after(version: number | undefined): Message {
    const steps = version === undefined ? NaN : this.#version - version;
    if (version === undefined || !(steps >= 0 && steps <= this.#steps.length))
      return this.#message('snapshot', this.#lines.keys());
    const known = this.#differences.get(version);
    if (known) return known;
    const changed = this.#steps.slice(this.#steps.length - steps);
    const difference = this.#message('change', new Set(changed.flat()));
    this.#differences.set(version, difference);
    return difference;
  }

  #message(event: Message['event'], keys: Iterable<string>): Message {
    const set: string[] = [];
    const gone: string[] = [];
    for (const key of keys) {
      const text = this.#lines.get(key);
      if (text === undefined) gone.push(key);
      else set.push(`${JSON.stringify(key)}:${text}`);
    }
    return { event, version: this.#version, set: `{${set.join(',')}}`, gone: JSON.stringify(gone) };
  }
}
