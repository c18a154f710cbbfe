import { emptyBoard, hasPrices, parsePriceMessage, tick, type Board } from './price-board';
import { reconnectPause } from './reconnect';
import { Store } from './store';
import type { Surroundings } from './surroundings';

/** Opens a websocket to the prices. */
export type OpenSocket = (listener: {
  message: (data: unknown) => void;
  /** It ended, or never opened. */
  close: () => void;
}) => { close(): void };

export interface Prices {
  board: Board;
  connection: Connection;
}

export type Connection =
  | { state: 'connecting' }
  /** Prices flow. */
  | { state: 'live' }
  /** The connection ended; the prices are those of before. */
  | { state: 'waiting'; retryAt: number };

/** Milliseconds without prices after which a connection is given up: prices come every second. */
export const LONGEST_SILENCE = 8_000;

/** Follows the prices, and connects again whenever they stop. */
export class PriceFeed {
  readonly prices = new Store<Prices>({ board: emptyBoard, connection: { state: 'connecting' } });
  #socket: ReturnType<OpenSocket> | undefined;
  #failures = 0;
  #callOff = () => {};

  constructor(
    private readonly open: OpenSocket,
    private readonly surroundings: Surroundings,
  ) {}

  /** Connects at once; what is waited for or stands is given up. */
  connect(): void {
    this.#leave();
    this.#change({ state: 'connecting' });
    // What one says that was left is of no interest any more; its close may come much later.
    const heed = (action: () => void) => {
      if (this.#socket === socket) action();
    };
    const socket = this.open({
      message: (data) => heed(() => this.#receive(data)),
      close: () => heed(() => this.#wait()),
    });
    this.#socket = socket;
    this.#watchSilence();
  }

  /** For when the network is back: no reason to wait any longer. */
  hurry(): void {
    if (this.prices.get().connection.state === 'waiting') this.connect();
  }

  #receive(data: unknown): void {
    const message = typeof data === 'string' ? parsePriceMessage(data) : undefined;
    if (!message || !hasPrices(message)) return;
    const board = tick(this.prices.get().board, message, this.surroundings.now());
    // An instrument is new: the next connection begins with a snapshot, which says what it is.
    if (!board) return this.#wait();
    this.#failures = 0;
    this.prices.set({ board, connection: { state: 'live' } });
    this.#watchSilence();
  }

  #watchSilence(): void {
    this.#callOff();
    this.#callOff = this.surroundings.after(LONGEST_SILENCE, () => this.#wait());
  }

  #wait(): void {
    this.#leave();
    const pause = reconnectPause(this.#failures, this.surroundings.random());
    this.#failures += 1;
    this.#change({ state: 'waiting', retryAt: this.surroundings.now() + pause });
    this.#callOff = this.surroundings.after(pause, () => this.connect());
  }

  #leave(): void {
    this.#callOff();
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #change(connection: Connection): void {
    this.prices.set({ ...this.prices.get(), connection });
  }
}
