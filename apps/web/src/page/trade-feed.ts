import { Store } from './store';
import type { Surroundings } from './surroundings';
import { errorOf, isTrade, withTrade, type Trade } from './trade';

export interface Blotter {
  trades: readonly Trade[];
  /** When they were read, milliseconds since 1970; undefined until they were. */
  readAt?: number;
  /** Why they could not be read the last time. */
  error?: string;
}

/** @returns undefined when no answer came */
export type ReadTrades = () => Promise<{ status: number; body: unknown } | undefined>;

/** Milliseconds from one reading to the next. */
export const REFRESH = 5_000;

/** Keeps the latest trades. */
export class TradeFeed {
  readonly blotter = new Store<Blotter>({ trades: [] });
  #reading = 0;
  #callOff = () => {};

  constructor(
    private readonly read: ReadTrades,
    private readonly surroundings: Surroundings,
  ) {}

  /** Reads the trades now, and every few seconds from now on. */
  async refresh(): Promise<void> {
    this.#callOff();
    this.#reading += 1;
    const reading = this.#reading;
    const answer = await this.read();
    // A later reading is on its way, and may know of a trade that this one does not.
    if (reading !== this.#reading) return;
    this.blotter.set(this.#after(answer));
    this.#callOff = this.surroundings.after(REFRESH, () => void this.refresh());
  }

  /** Shows a trade at once, and reads the others again. */
  async add(trade: Trade): Promise<void> {
    const blotter = this.blotter.get();
    this.blotter.set({ ...blotter, trades: withTrade(blotter.trades, trade) });
    await this.refresh();
  }

  #after(answer: { status: number; body: unknown } | undefined): Blotter {
    const { trades, readAt } = this.blotter.get();
    const { trades: read } = (answer?.body ?? {}) as { trades?: unknown };
    if (answer?.status === 200 && Array.isArray(read) && read.every(isTrade)) {
      return { trades: read, readAt: this.surroundings.now() };
    }
    const error = !answer
      ? 'The desk does not answer.'
      : (errorOf(answer.body) ?? `The desk answered with status ${answer.status}.`);
    return { trades, error, ...(readAt !== undefined && { readAt }) };
  }
}
