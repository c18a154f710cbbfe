import type { Log } from './log';
import type { Observation, ObserveOptions } from './observe';
import type { Refusing, Reporting } from './reporter';

/** Where services run, as the controller sees it and tells it what is refused. */
export interface Source {
  /** For the log. */
  readonly description: string;
  observe(options: ObserveOptions): Observation;
  reporter(table: Refusing, log: Log, signal: AbortSignal): Reporting;
}
