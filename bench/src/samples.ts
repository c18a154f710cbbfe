import { median } from './statistics';

/** What was measured: of each contestant in each case and size, the figures of all runs. */
export class Samples<Case extends string, Figures extends { readonly [figure in keyof Figures]: number }> {
  readonly #runs = new Map<string, Figures[]>();

  add(size: number, of: Case, contestant: string, figures: Figures): void {
    const key = keyOf(size, of, contestant);
    this.#runs.set(key, [...(this.#runs.get(key) ?? []), figures]);
  }

  /** The median of each figure; undefined for what was not measured. */
  of(size: number, of: Case, contestant: string): (Figures & { runs: number }) | undefined {
    const runs = this.#runs.get(keyOf(size, of, contestant));
    const [first] = runs ?? [];
    if (runs === undefined || first === undefined) return undefined;
    const names = Object.keys(first) as (keyof Figures)[];
    const medians = names.map((name) => [name, median(runs.map((figures) => figures[name]))]);
    return { ...(Object.fromEntries(medians) as Figures), runs: runs.length };
  }
}

const keyOf = (size: number, of: string, contestant: string) => `${size} ${of} ${contestant}`;
