import type { Surroundings } from './surroundings';

/** A clock that a test moves; pauses have their full length. */
export class TestingSurroundings implements Surroundings {
  #now = 1_000_000;
  #planned: { at: number; action: () => void }[] = [];

  readonly now = () => this.#now;
  readonly random = () => 1;
  readonly after = (ms: number, action: () => void) => {
    const plan = { at: this.#now + ms, action };
    this.#planned.push(plan);
    return () => {
      this.#planned = this.#planned.filter((other) => other !== plan);
    };
  };

  /** Does what is due meanwhile, in its order. */
  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#planned.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#planned = this.#planned.filter((plan) => plan !== next);
      this.#now = next.at;
      next.action();
    }
    this.#now = end;
  }
}
