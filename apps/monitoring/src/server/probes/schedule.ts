export interface ScheduleOptions {
  /** Milliseconds within which a new key has its first turn. */
  firstMs: number;
  /** From 0 to 1. */
  random: () => number;
}

/**
 * Whose turn it is. Turns of one key are a period apart, a tenth more or less, so that those that began together do not
 * stay together. When there are more than the caller takes, all wait, and none longer than a whole round.
 */
export class Schedule {
  /** When each is due; never while it runs. */
  readonly #due = new Map<string, number>();
  #keys: readonly string[] = [];
  /** The one that is looked at next. */
  #next = 0;

  constructor(private readonly options: ScheduleOptions) {}

  /** Those that take turns from now on. */
  keep(keys: Iterable<string>, now: number): void {
    const wanted = new Set(keys);
    for (const key of this.#due.keys()) if (!wanted.has(key)) this.#due.delete(key);
    for (const key of wanted)
      if (!this.#due.has(key)) this.#due.set(key, now + this.options.random() * this.options.firstMs);
    if (this.#keys.length === wanted.size && this.#keys.every((key) => wanted.has(key))) return;
    const ahead = this.#keys[this.#next];
    this.#keys = [...wanted];
    this.#next = Math.max(0, ahead === undefined ? 0 : this.#keys.indexOf(ahead));
  }

  /** At most so many whose turn it is; each runs from then on until `done`. */
  take(now: number, most: number): string[] {
    const taken: string[] = [];
    for (let looked = 0; looked < this.#keys.length && taken.length < most; looked++) {
      const key = this.#keys[this.#next]!;
      this.#next = (this.#next + 1) % this.#keys.length;
      if (this.#due.get(key)! > now) continue;
      this.#due.set(key, Infinity);
      taken.push(key);
    }
    return taken;
  }

  /** @param started when it was taken. @param periodMs milliseconds from then to its next turn */
  done(key: string, started: number, periodMs: number): void {
    if (this.#due.has(key)) this.#due.set(key, started + periodMs * (0.9 + this.options.random() * 0.2));
  }
}
