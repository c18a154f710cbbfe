import type { TableChange } from '../entries';
import { Store } from './store';
import { emptyTable, TableEntries, type TableState } from './table-state';

/** Opens the stream of the table. */
export type OpenStream = (
  /** Id of the last event, to go on after it. */
  after: string | undefined,
  listener: {
    event: (type: 'snapshot' | 'change' | 'beat', data: string, id: string) => void;
    /** It ended, or never opened. */
    end: () => void;
  },
) => { close(): void };

/** What the feed takes from the browser; tests give it other ones. */
export interface Surroundings {
  /** Milliseconds since 1970. */
  now: () => number;
  /** From 0 to 1. */
  random: () => number;
  /** Runs `action` once, `ms` milliseconds from now. @returns what calls it off */
  after: (ms: number, action: () => void) => () => void;
}

export interface Told {
  table: TableState;
  /** Since when the server of the page is not heard; undefined while it is. Milliseconds since 1970. */
  lostAt: number | undefined;
  /** Whether there was a table. */
  isThere: boolean;
  /** Milliseconds by which the cluster's clock is ahead of this one. */
  ahead: number;
}

/** Milliseconds of silence after which a stream is given up: there is a beat every ten seconds. */
const LONGEST_SILENCE = 25_000;
/** Milliseconds: less than that is what a message was on its way. Each other value has everything drawn anew. */
const SAME_CLOCK = 1_000;
const FIRST_PAUSE = 300;
const LONGEST_PAUSE = 10_000;

/** Follows the table, and goes on where it was whenever the stream ends. */
export class TableFeed {
  readonly told: Store<Told>;
  readonly #entries = new TableEntries();
  #stream: { close(): void } | undefined;
  #lastId: string | undefined;
  #failures = 0;
  #callOff = () => {};

  constructor(
    private readonly open: OpenStream,
    private readonly surroundings: Surroundings,
    /** Told of each end: the session may be over. */
    private readonly onEnd: () => void = () => undefined,
  ) {
    this.told = new Store<Told>({ table: emptyTable, lostAt: surroundings.now(), isThere: false, ahead: 0 });
  }

  connect(): void {
    this.#leave();
    // What one says that was left is of no interest any more.
    const heed = (action: () => void) => {
      if (this.#stream === stream) action();
    };
    const stream = this.open(this.#lastId, {
      event: (type, data, id) => heed(() => this.#take(type, data, id)),
      end: () => heed(() => this.#wait()),
    });
    this.#stream = stream;
    this.#watchSilence();
  }

  #take(type: 'snapshot' | 'change' | 'beat', data: string, id: string): void {
    this.#failures = 0;
    this.#watchSilence();
    const before = this.told.get();
    if (type === 'beat') {
      if (before.lostAt !== undefined) this.told.set({ ...before, lostAt: undefined });
      return;
    }
    this.#lastId = id;
    const change = JSON.parse(data) as TableChange;
    const ahead = Date.parse(change.now) - this.surroundings.now();
    this.told.set({
      table: this.#entries.take(change, type === 'snapshot'),
      lostAt: undefined,
      isThere: true,
      ahead: Math.abs(ahead - before.ahead) < SAME_CLOCK ? before.ahead : ahead,
    });
  }

  #watchSilence(): void {
    this.#callOff();
    this.#callOff = this.surroundings.after(LONGEST_SILENCE, () => this.#wait());
  }

  #wait(): void {
    this.#leave();
    const { now, random, after } = this.surroundings;
    const before = this.told.get();
    if (before.lostAt === undefined) this.told.set({ ...before, lostAt: now() });
    // Spread out, so that the pages of a pod that ended do not come back all at once.
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#failures) * (0.5 + random() / 2);
    this.#failures += 1;
    this.#callOff = after(pause, () => this.connect());
    this.onEnd();
  }

  #leave(): void {
    this.#callOff();
    const stream = this.#stream;
    this.#stream = undefined;
    stream?.close();
  }
}
