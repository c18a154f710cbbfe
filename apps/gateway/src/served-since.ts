import type { RouteDifference } from '@berth/routes';

/** Remembers since when nginx serves each route as it is. */
export class ServedSince {
  readonly #times: Map<string, string>;

  /** @param before what the snapshot remembers */
  constructor(before: ReadonlyMap<string, string> = new Map()) {
    this.#times = new Map(before);
  }

  /** By host, in RFC 3339; changes with the routes. */
  get times(): ReadonlyMap<string, string> {
    return this.#times;
  }

  /** nginx took this change of its routes. */
  take({ set, remove }: RouteDifference, at: Date): void {
    const time = at.toISOString();
    for (const host of set.keys()) this.#times.set(host, time);
    for (const host of remove) this.#times.delete(host);
  }
}
