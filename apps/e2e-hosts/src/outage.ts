import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';

/** Milliseconds between two requests of a client, and until it gives one up. */
const PAUSE_MS = 50;
const PATIENCE_MS = 10_000;
const CLIENTS = 4;

interface Request {
  started: number;
  ended: number;
  /** A status, or why there was no answer. */
  what: string;
}

/** Clients that ask for a page all the time, each request by a connection of its own. */
export class Outage {
  readonly requests: Request[] = [];
  readonly #stopping = new AbortController();
  readonly #clients: Promise<void>[];

  /** @param url where the gateway answers */
  constructor(
    private readonly url: string,
    private readonly host: string,
  ) {
    this.#clients = Array.from({ length: CLIENTS }, () => this.#ask());
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#clients);
  }

  get failures(): Request[] {
    return this.requests.filter(({ what }) => what !== '200');
  }

  /** Milliseconds from the beginning of the first request that failed to the end of the last. */
  get failingMs(): number {
    const { failures } = this;
    if (failures.length === 0) return 0;
    return (
      Math.max(...failures.map(({ ended }) => ended)) - Math.min(...failures.map(({ started }) => started))
    );
  }

  get slowestMs(): number {
    return Math.max(0, ...this.requests.map(({ started, ended }) => ended - started));
  }

  async #ask(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const started = Date.now();
      const what = await this.#once().catch(
        (error: Error & { code?: string }) => error.code ?? error.message,
      );
      this.requests.push({ started, ended: Date.now(), what: String(what) });
      await delay(PAUSE_MS);
    }
  }

  async #once(): Promise<number> {
    const dispatcher = new Agent({ pipelining: 0 });
    try {
      const { statusCode, body } = await request(this.url, {
        dispatcher,
        headers: { host: this.host },
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      await body.dump();
      return statusCode;
    } finally {
      await dispatcher.destroy();
    }
  }
}
