import type { Measured } from '../measure';
import { median } from '../statistics';

export type Case = 'nothing changed' | 'one changed' | 'that one alone' | 'all changed';

/** What was measured: of each contestant in each case and size, all runs. */
export class Samples {
  readonly #runs = new Map<string, Measured[]>();

  add(size: number, of: Case, contestant: string, measured: Measured): void {
    const key = keyOf(size, of, contestant);
    this.#runs.set(key, [...(this.#runs.get(key) ?? []), measured]);
  }

  /** Undefined for what was not measured. */
  of(
    size: number,
    of: Case,
    contestant: string,
  ): { seconds: number; megabytes: number; runs: number } | undefined {
    const runs = this.#runs.get(keyOf(size, of, contestant));
    if (runs === undefined) return undefined;
    return {
      seconds: median(runs.map(({ seconds }) => seconds)),
      megabytes: median(runs.map(({ megabytes }) => megabytes)),
      runs: runs.length,
    };
  }
}

const keyOf = (size: number, of: Case, contestant: string) => `${size} ${of} ${contestant}`;
