import type { Instrument } from './instrument-source';
import { priceAt } from './walk';

export interface Price {
  symbol: string;
  price: number;
}

export interface Quote extends Price {
  name: string;
  currency: string;
  decimals: number;
}

/** The prices of now. Has none until it was given its instruments. */
export class Market {
  #instruments: ReadonlyMap<string, Instrument> = new Map();

  /** @param now milliseconds since 1970 */
  constructor(
    private readonly tickMs: number,
    private readonly now: () => number,
  ) {}

  list(instruments: readonly Instrument[]): void {
    this.#instruments = new Map(instruments.map((instrument) => [instrument.symbol, instrument]));
  }

  get open(): boolean {
    return this.#instruments.size > 0;
  }

  quotes(): Quote[] {
    return [...this.#instruments.values()].map((instrument) => this.#quote(instrument));
  }

  quote(symbol: string): Quote | undefined {
    const instrument = this.#instruments.get(symbol);
    return instrument && this.#quote(instrument);
  }

  prices(): Price[] {
    return this.quotes().map(({ symbol, price }) => ({ symbol, price }));
  }

  #quote({ symbol, name, currency, referencePrice, decimals }: Instrument): Quote {
    const tick = Math.floor(this.now() / this.tickMs);
    return { symbol, name, currency, decimals, price: priceAt(symbol, referencePrice, decimals, tick) };
  }
}
