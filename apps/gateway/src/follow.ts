import { Loop, type LoopOptions } from '@berth/follow';
import {
  difference,
  differenceAt,
  isEmpty,
  type Route,
  type RouteDifference,
  type Table,
} from '@berth/routes';
import { errorText, type Log } from './log';
import { OtherGenerationError, type RouteHolder } from './nginx-client';

/** The routes as they should be. */
export interface WantedRoutes {
  /** By host; it may be the same Map each time, and change between two calls. */
  routes: ReadonlyMap<string, Route>;
  /** Hosts whose route may be other than at the last call; absent: any. */
  changed?: Iterable<string>;
}

export interface FollowOptions extends Pick<LoopOptions, 'pollMs' | 'retryMs'> {
  /** The routes of now; undefined when they are not known, and what nginx has must stay. */
  wanted: () => WantedRoutes | undefined;
  nginx: RouteHolder;
  /** Called with every table that nginx took, and what is other than in the one before; its Map changes later. */
  onTaken: (table: Table, change: RouteDifference) => void;
  /** Told how many seconds passed from the first change that is in a table until nginx had it. */
  onServed?: (seconds: number) => void;
  log: Log;
  /** What the snapshot holds. */
  snapshot?: Table;
}

interface HeldTable {
  generation: number;
  routes: Map<string, Route>;
}

/**
 * Brings nginx to the routes that are wanted, again and again.
 * Level-based: a round compares what is wanted with what nginx holds, whatever happened in between. The first change
 * goes at once; those that come while it is on its way go together in the next round. Each table has a number that is
 * never used for another one, and nginx says which it holds: when that is not the one we sent, it gets the whole table.
 * Each second it is asked: it may have been restarted.
 */
export class Follower {
  /** The last table that nginx is known to have taken, in a Map of our own. */
  #last: HeldTable | undefined;
  /** Whether nginx still holds it, as far as we know. */
  #isHeld = false;
  /** The highest number that was ever sent. */
  #highest: number;
  #wanted: ReadonlyMap<string, Route> | undefined;
  /** Hosts at which what is wanted may differ from the last table; undefined: any. */
  #differing: Set<string> | undefined;
  #generation = 0;
  /** When the first change came that no round has looked at, and that nginx has not got; by the process's clock. */
  #wokenAt: number | undefined;
  #waitingSince: number | undefined;
  readonly #loop: Loop;
  private readonly options: Omit<FollowOptions, 'snapshot'>;

  constructor({ snapshot, ...options }: FollowOptions) {
    // The snapshot is not kept: it is as large as the table.
    this.options = options;
    this.#last = snapshot && { generation: snapshot.generation, routes: new Map(snapshot.routes) };
    this.#wanted = snapshot?.routes;
    this.#highest = snapshot?.generation ?? 0;
    this.#loop = new Loop({
      ...options,
      round: (woken) => this.#round(woken),
      onFailure: (error, failures, pauseMs) => {
        this.#isHeld = false;
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
    return this.#last?.routes ?? new Map<string, Route>();
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
      const wanted = this.options.wanted();
      if (wanted) this.#want(wanted);
    }
    if (!this.#isHeld || !changed) await this.#askGeneration();
    if (!this.#wanted) return;
    if (this.#isHeld && this.#last && (await this.#sendDifference(this.#last, this.#wanted))) return;
    await this.#sendAll(this.#wanted);
  }

  #want({ routes, changed }: WantedRoutes): void {
    // Of another Map than before nothing is known.
    if (routes !== this.#wanted || !changed) this.#differing = undefined;
    else if (this.#differing) for (const host of changed) this.#differing.add(host);
    this.#wanted = routes;
  }

  async #askGeneration(): Promise<void> {
    const generation = await this.options.nginx.generation();
    if (this.#isHeld && this.#last?.generation !== generation) {
      this.options.log.warn('nginx holds another table than the last one', {
        held: generation,
        sent: this.#last?.generation,
      });
      this.#isHeld = false;
    }
    // A number above it was sent, and may yet arrive, when a request got no answer; then nothing is sure.
    this.#isHeld ||= generation === this.#last?.generation && generation === this.#highest;
    this.#highest = Math.max(this.#highest, generation);
    this.#generation = generation;
  }

  /** Whether nginx now holds what is wanted. */
  async #sendDifference(held: HeldTable, wanted: ReadonlyMap<string, Route>): Promise<boolean> {
    const change = this.#change(held.routes, wanted);
    if (isEmpty(change)) {
      this.#remember(held, change);
      this.#waitingSince = undefined;
      return true;
    }
    const generation = this.#number();
    try {
      await this.options.nginx.change(held.generation, generation, change);
    } catch (error) {
      if (!(error instanceof OtherGenerationError)) throw error;
      this.options.log.warn('nginx holds another table than the last one', {
        held: error.held,
        sent: held.generation,
      });
      this.#highest = Math.max(this.#highest, error.held);
      return false;
    }
    this.#taken(generation, change, { set: change.set.size, removed: change.remove.length });
    return true;
  }

  async #sendAll(wanted: ReadonlyMap<string, Route>): Promise<void> {
    const generation = this.#number();
    const change = this.#change(this.#last?.routes ?? new Map<string, Route>(), wanted);
    await this.options.nginx.replace({ generation, routes: wanted });
    this.#taken(generation, change, { all: true });
  }

  /** What turns the last table into what is wanted. */
  #change(last: ReadonlyMap<string, Route>, wanted: ReadonlyMap<string, Route>): RouteDifference {
    return this.#differing ? differenceAt(this.#differing, last, wanted) : difference(last, wanted);
  }

  #number(): number {
    return ++this.#highest;
  }

  /** nginx took a table, which the last one becomes by this change. */
  #taken(generation: number, change: RouteDifference, what: Record<string, unknown>): void {
    const table = this.#remember({ generation, routes: this.#last?.routes ?? new Map() }, change);
    const { routes } = table;
    this.#isHeld = true;
    this.#generation = generation;
    this.options.onTaken(table, change);
    if (this.#waitingSince !== undefined)
      this.options.onServed?.((performance.now() - this.#waitingSince) / 1000);
    this.#waitingSince = undefined;
    this.options.log.info('nginx took the routes', { generation, routes: routes.size, ...what });
  }

  /** nginx holds a table, which has become what is wanted by this change. */
  #remember({ generation, routes }: HeldTable, { set, remove }: RouteDifference): HeldTable {
    // When all were compared, those of the snapshot that are as they were are not kept beside those that are wanted.
    const held = this.#differing ? routes : new Map(this.#wanted);
    for (const [host, route] of set) held.set(host, route);
    for (const host of remove) held.delete(host);
    this.#differing = new Set();
    this.#last = { generation, routes: held };
    return this.#last;
  }
}
