import type { Trade } from './trade';
import { StoreUnavailableError, type TradeStore } from './trade-store';

/** Keeps trades in memory; for tests. */
export class MemoryStore implements TradeStore {
  readonly trades = new Map<string, Trade>();
  /** Why it cannot be asked now. */
  away: string | undefined;

  async migrate(): Promise<void> {
    this.#answer();
  }

  async add(trade: Trade): Promise<{ trade: Trade; added: boolean }> {
    this.#answer();
    const kept = this.trades.get(trade.id);
    if (kept) return { trade: kept, added: false };
    this.trades.set(trade.id, trade);
    return { trade, added: true };
  }

  async latest(limit: number): Promise<Trade[]> {
    this.#answer();
    return [...this.trades.values()]
      .sort((a, b) => b.executedAt.localeCompare(a.executedAt) || a.id.localeCompare(b.id))
      .slice(0, limit);
  }

  async close(): Promise<void> {}

  #answer(): void {
    if (this.away !== undefined) throw new StoreUnavailableError(this.away);
  }
}
