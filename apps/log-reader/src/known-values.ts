/** Values that are remembered of one environment. */
const most = 500;

/**
 * The secrets of environments, those of before too: a container that was not started anew still has an earlier value,
 * and what it puts out may hold it. What was replaced before this process first read it is not known.
 */
export class KnownValues {
  /** By environment, in base64; the newest last. */
  readonly #values = new Map<string, Set<string>>();

  learn(environment: string, values: readonly string[]): void {
    const known = this.#values.get(environment) ?? new Set();
    this.#values.set(environment, known);
    for (const value of values) {
      known.delete(value);
      known.add(value);
    }
    const oldest = [...known].slice(0, Math.max(0, known.size - Math.max(most, values.length)));
    for (const value of oldest) known.delete(value);
  }

  of(environment: string): Buffer[] {
    return [...(this.#values.get(environment) ?? [])].map((value) => Buffer.from(value, 'base64'));
  }
}
