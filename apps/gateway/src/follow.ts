import { difference, isEmpty, type Route, type RouteDifference } from '@berth/routes';
import { errorText, type Log } from './log';
import { Loop, type LoopOptions } from './loop';
import { OtherGenerationError, type RouteHolder } from './nginx-client';
import type { Table } from './table';

export interface FollowOptions extends Pick<LoopOptions, 'pollMs' | 'retryMs'> {
  /** The routes of now; undefined when they are not known, and what nginx has must stay. */
  wanted: () => ReadonlyMap<string, Route> | undefined;
  nginx: RouteHolder;
  /** Called with every table that nginx took, and what is other than in the one before. */
  onTaken: (table: Table, change: RouteDifference) => void;
  /** Told how many seconds passed from the first change that is in a table until nginx had it. */
  onServed?: (seconds: number) => void;
  log: Log;
  /** What the snapshot holds. */
  snapshot?: Table;
}

/**
 * Brings nginx to the routes that are wanted, again and again.
 * Level-based: a round compares what is wanted with what nginx holds, whatever happened in between. The first change
 * goes at once; those that come while it is on its way go together in the next round. Each table has a number that is
 * never used for another one, and nginx says which it holds: when that is not the one we sent, it gets the whole table.
 * Each second it is asked: it may have been restarted.
 */
export class Follower {
  /** What nginx holds, as far as we know. */
  #held: Table | undefined;
  /** The last table that nginx is known to have taken. */
  #last: Table | undefined;
  /** The highest number that was ever sent. */
  #highest: number;
  #wanted: ReadonlyMap<string, Route> | undefined;
  #generation = 0;
  /** When the first change came that no round has looked at, and that nginx has not got; by the process's clock. */
  #wokenAt: number | undefined;
  #waitingSince: number | undefined;
  readonly #loop: Loop;

  constructor(private readonly options: FollowOptions) {
    this.#last = options.snapshot;
    this.#wanted = options.snapshot?.routes;
    this.#highest = options.snapshot?.generation ?? 0;
    this.#loop = new Loop({
      ...options,
      round: (woken) => this.#round(woken),
      onFailure: (error, failures, pauseMs) => {
        this.#held = undefined;
        this.#generation = 0;
        options.log.warn('nginx did not take the routes; trying again', {
          error: errorText(error),
          failures,
          pauseMs,
        });
      },
    });
  }

  /** The number of the table in nginx, at the last time it answered; 0 when it has none or does not answer. */
  get generation(): number {
    return this.#generation;
  }

  /** The routes in nginx, as far as they are known. */
  get routes(): ReadonlyMap<string, Route> {
    return (this.#held ?? this.#last)?.routes ?? new Map<string, Route>();
  }

  /** What is wanted may have changed. */
  wake(): void {
    this.#wokenAt ??= performance.now();
    this.#loop.wake();
  }

  /** Follows until the signal; nginx keeps its table then. Never rejects. */
  run(signal: AbortSignal): Promise<void> {
    return this.#loop.run(signal);
  }

  async #round(changed: boolean): Promise<void> {
    if (changed) {
      this.#waitingSince ??= this.#wokenAt;
      this.#wokenAt = undefined;
      this.#wanted = this.options.wanted() ?? this.#wanted;
    }
    if (!this.#held || !changed) await this.#askGeneration();
    if (!this.#wanted) return;
    if (this.#held && (await this.#sendDifference(this.#held, this.#wanted))) return;
    await this.#sendAll(this.#wanted);
  }

  async #askGeneration(): Promise<void> {
    const generation = await this.options.nginx.generation();
    if (this.#held && this.#held.generation !== generation) {
      this.options.log.warn('nginx holds another table than the last one', {
        held: generation,
        sent: this.#held.generation,
      });
      this.#held = undefined;
    }
    // A number above it was sent, and may yet arrive, when a request got no answer; then nothing is sure.
    const isLast = generation === this.#last?.generation && generation === this.#highest;
    if (!this.#held && isLast) this.#held = this.#last;
    this.#highest = Math.max(this.#highest, generation);
    this.#generation = generation;
  }

  /** Whether nginx now holds what is wanted. */
  async #sendDifference(held: Table, wanted: ReadonlyMap<string, Route>): Promise<boolean> {
    const change = difference(held.routes, wanted);
    if (isEmpty(change)) {
      this.#waitingSince = undefined;
      return true;
    }
    const table = { generation: this.#number(), routes: wanted };
    try {
      await this.options.nginx.change(held.generation, table.generation, change);
    } catch (error) {
      if (!(error instanceof OtherGenerationError)) throw error;
      this.options.log.warn('nginx holds another table than the last one', {
        held: error.held,
        sent: held.generation,
      });
      this.#highest = Math.max(this.#highest, error.held);
      return false;
    }
    this.#taken(table, change, { set: change.set.size, removed: change.remove.length });
    return true;
  }

  async #sendAll(wanted: ReadonlyMap<string, Route>): Promise<void> {
    const table = { generation: this.#number(), routes: wanted };
    await this.options.nginx.replace(table);
    this.#taken(table, difference(this.#last?.routes ?? new Map<string, Route>(), wanted), { all: true });
  }

  #number(): number {
    return ++this.#highest;
  }

  #taken(table: Table, change: RouteDifference, what: Record<string, unknown>): void {
    this.#held = table;
    this.#last = table;
    this.#generation = table.generation;
    this.options.onTaken(table, change);
    if (this.#waitingSince !== undefined)
      this.options.onServed?.((performance.now() - this.#waitingSince) / 1000);
    this.#waitingSince = undefined;
    this.options.log.info('nginx took the routes', {
      generation: table.generation,
      routes: table.routes.size,
      ...what,
    });
  }
}
