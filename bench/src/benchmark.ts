import type { Row } from './report';

/** What a benchmark gets. */
export interface BenchContext {
  /** Absolute path of this workspace. */
  root: string;
  /** Where it may write; removed at the end. */
  scratch: string;
  /** How many services there are, one size after the other; those of the benchmark when absent. */
  services?: readonly number[];
  /** Absolute path of the folder for pictures of what is measured; none are taken when absent. */
  pictures?: string;
  print(line: string): void;
  /** Ends what runs, when the person has had enough. */
  signal: AbortSignal;
}

export interface Outcome {
  /** By program, of Berth's peers and of what they all stand on. */
  versions: Readonly<Record<string, string>>;
  rows: readonly Row[];
  /** What peers could not do, a line each. */
  failures?: readonly string[];
}

/** Measures Berth against named peers, in one run on one machine. It leaves nothing behind. */
export type Benchmark = (context: BenchContext) => Promise<Outcome>;
