/** What a `Date` header leaves out, in milliseconds. */
const GRAIN_MS = 1000;

/**
 * The clock of a server, by the `Date` headers of its answers. They say whole seconds; what all of them leave possible
 * together is soon known to a few milliseconds, and no longer jumps from one answer to the next. It is kept by our
 * monotonic clock: ours of the day may be set at any time, and nobody's lease may end or last longer for that.
 */
export class ServerClock {
  /** Milliseconds by which it may be ahead of our monotonic clock. */
  #least = -Infinity;
  #most = Infinity;

  /**
   * Learns from an answer.
   * @param date of its header
   * @param sent when it was asked, by our monotonic clock, in milliseconds
   * @param received when the answer began
   */
  learn(date: string | undefined, sent: number, received: number): void {
    const stated = Date.parse(date ?? '');
    if (Number.isNaN(stated)) return;
    const [least, most] = [stated - received, stated + GRAIN_MS - sent];
    const fits = least <= this.#most && most >= this.#least;
    // The server's clock was set, or this machine slept: what was known before is no longer so.
    this.#least = fits ? Math.max(least, this.#least) : least;
    this.#most = fits ? Math.min(most, this.#most) : most;
  }

  /** In the middle of what it may be; ours as long as nothing was learnt. */
  now(): Date {
    return this.#when((this.#least + this.#most) / 2);
  }

  /** What it has reached for certain: of who waits for a time to pass. */
  earliest(): Date {
    return this.#when(this.#least);
  }

  /** What it has not passed for certain. */
  latest(): Date {
    return this.#when(this.#most);
  }

  #when(ahead: number): Date {
    return Number.isFinite(this.#least) ? new Date(performance.now() + ahead) : new Date();
  }
}
