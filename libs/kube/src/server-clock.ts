/** What a `Date` header leaves out, in milliseconds. */
const GRAIN_MS = 1000;

/**
 * The clock of a server, by the `Date` headers of its answers. They say whole seconds; what all of them leave possible
 * together is soon known to a few milliseconds, and no longer jumps from one answer to the next.
 */
export class ServerClock {
  /** Milliseconds by which it may be ahead of ours. */
  #least = -Infinity;
  #most = Infinity;

  /**
   * Learns from an answer.
   * @param date of its header
   * @param sent when it was asked, by our clock, in milliseconds since 1970
   * @param received when the answer began
   */
  learn(date: string | undefined, sent: number, received: number): void {
    const stated = Date.parse(date ?? '');
    if (Number.isNaN(stated)) return;
    const [least, most] = [stated - received, stated + GRAIN_MS - sent];
    const fits = least <= this.#most && most >= this.#least;
    // One of the two clocks was set: what was known before is no longer so.
    this.#least = fits ? Math.max(least, this.#least) : least;
    this.#most = fits ? Math.min(most, this.#most) : most;
  }

  /** Ours as long as nothing was learnt. */
  now(): Date {
    const ahead = Number.isFinite(this.#least) ? (this.#least + this.#most) / 2 : 0;
    return new Date(Date.now() + ahead);
  }
}
