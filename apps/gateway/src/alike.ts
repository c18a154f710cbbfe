/** Values that are remembered at most; with more different ones it begins anew. */
const MOST = 1000;
/** Characters of a value's JSON; what is longer is hardly alike, and would be much to remember. */
const LONGEST = 500;

/** Values that many objects have alike, each kept once. They must not be changed. */
export class Alike {
  readonly #values = new Map<string, unknown>();

  /** A value of the same JSON as this one. */
  of<Value>(value: Value): Value {
    const text = JSON.stringify(value);
    if (text.length > LONGEST) return value;
    const before = this.#values.get(text) as Value | undefined;
    if (before !== undefined) return before;
    if (this.#values.size === MOST) this.#values.clear();
    this.#values.set(text, value);
    return value;
  }
}
