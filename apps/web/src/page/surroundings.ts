/** What the page's logic takes from the browser; tests give it other ones. */
export interface Surroundings {
  /** Milliseconds since 1970. */
  now: () => number;
  /** From 0 to 1. */
  random: () => number;
  /** Runs `action` once, `ms` milliseconds from now. @returns what calls it off */
  after: (ms: number, action: () => void) => () => void;
}
