import type { Trade } from './trade';

/** Where the trades are kept. */
export interface TradeStore {
  /** Makes its tables what this version needs; again changes nothing. @throws StoreUnavailableError */
  migrate(): Promise<void>;
  /** Keeps a trade unless one of its id is there. @returns the trade that is kept. @throws StoreUnavailableError */
  add(trade: Trade): Promise<{ trade: Trade; added: boolean }>;
  /** The newest trades, newest first. @throws StoreUnavailableError */
  latest(limit: number): Promise<Trade[]>;
  close(): Promise<void>;
}

/** The store cannot be asked now; asking again later may succeed. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}
