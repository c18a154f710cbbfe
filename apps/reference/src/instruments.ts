/** Something that can be traded. */
export interface Instrument {
  /** Upper-case letters, unique. */
  symbol: string;
  name: string;
  /** ISO 4217. */
  currency: string;
  /** What one costs about, in `currency`: where its price starts from. */
  referencePrice: number;
  /** Digits after the point in which its price is quoted. */
  decimals: number;
}

/** Companies of this desk's own invention: their prices are invented too. */
export const instruments: readonly Instrument[] = [
  { symbol: 'ANCH', name: 'Anchor Chandlery', currency: 'EUR', referencePrice: 41.2, decimals: 2 },
  { symbol: 'BOLL', name: 'Bollard Works', currency: 'EUR', referencePrice: 128.75, decimals: 2 },
  { symbol: 'CARG', name: 'Cargo Union', currency: 'USD', referencePrice: 312.4, decimals: 2 },
  { symbol: 'DRED', name: 'Dredge and Sons', currency: 'GBP', referencePrice: 17.85, decimals: 3 },
  { symbol: 'FERR', name: 'Ferry Lines', currency: 'USD', referencePrice: 66.1, decimals: 2 },
  { symbol: 'HULL', name: 'Hull Insurance', currency: 'CHF', referencePrice: 540.5, decimals: 2 },
  { symbol: 'KEEL', name: 'Keel Composites', currency: 'EUR', referencePrice: 9.42, decimals: 3 },
  { symbol: 'TIDE', name: 'Tide Power', currency: 'USD', referencePrice: 88.3, decimals: 2 },
];
