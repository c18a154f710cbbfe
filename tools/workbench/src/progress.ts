import type { Timings } from './timings';

/** What a step may say when it is done, for example `7 images: 7 reused`. */
export type Outcome = string | void;

/** Seconds with one decimal below a minute, minutes and seconds above. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/**
 * Prints each step as it starts and as it ends, with the time it took and the time it took last.
 * Plain lines everywhere, so that a terminal, a pipe and a CI log read the same; the output of a step
 * is kept back and shown when the step fails (or at once when `verbose`).
 */
export class Progress {
  constructor(
    private readonly timings: Timings,
    private readonly print: (line: string) => void,
    private readonly verbose: boolean,
    private readonly signal?: AbortSignal,
    private readonly now: () => number = Date.now,
  ) {}

  async step(title: string, run: (log: (line: string) => void) => Promise<Outcome>): Promise<void> {
    const last = this.timings.of(title);
    this.print(`▸ ${title}${last === undefined ? '' : `  (last time ${duration(last)})`}`);
    const started = this.now();
    const lines: string[] = [];
    const log = (line: string) => {
      if (this.verbose) this.print(`    ${line}`);
      else if (lines.push(line) > 400) lines.shift();
    };
    let outcome: Outcome;
    try {
      outcome = await run(log);
    } catch (error) {
      if (this.signal?.aborted) {
        this.print(`✗ ${title}: interrupted after ${duration(this.now() - started)}`);
        throw error;
      }
      for (const line of lines.slice(-60)) this.print(`    ${line}`);
      this.print(`✗ ${title}: failed after ${duration(this.now() - started)}`);
      throw error;
    }
    const took = this.now() - started;
    this.timings.record(title, took);
    const before = last === undefined ? '' : `, last time ${duration(last)}`;
    this.print(`✓ ${title}${outcome ? `: ${outcome}` : ''}  (${duration(took)}${before})`);
  }
}
