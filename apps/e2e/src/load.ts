import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'undici';
import { ask } from './gateway';

export interface LoadFailure {
  /** RFC 3339. */
  at: string;
  /** Whether the connection had carried requests before. */
  connection: 'kept' | 'new';
  /** A status, or why there was no answer. */
  what: string;
}

/** Milliseconds between the answer to one request and the next request. */
const pauseMs = 25;

/**
 * Strangers that ask the gateway for one host all the time: four that keep their connection, and four that come by a new
 * one each time.
 */
export class Load {
  readonly #stopping = new AbortController();
  readonly #failures: LoadFailure[] = [];
  readonly #strangers: Promise<void>[];
  #requests = 0;

  constructor(
    private readonly port: number,
    private readonly host: string,
    private readonly path: string,
  ) {
    this.#strangers = Array.from({ length: 8 }, (_, index) => (index % 2 ? this.#keeping() : this.#coming()));
  }

  /** Requests and failures since it was asked last. */
  take(): { requests: number; failures: LoadFailure[] } {
    const requests = this.#requests;
    this.#requests = 0;
    return { requests, failures: this.#failures.splice(0) };
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#strangers);
  }

  async #keeping(): Promise<void> {
    const client = new Client(`http://127.0.0.1:${this.port}`, { headersTimeout: 5000, bodyTimeout: 5000 });
    await this.#repeat('kept', async () => {
      const { statusCode, body } = await client.request({
        method: 'GET',
        path: this.path,
        headers: { host: this.host },
      });
      await body.text();
      return statusCode;
    });
    await client.close();
  }

  #coming(): Promise<void> {
    return this.#repeat('new', async () => (await ask(this.port, this.host, this.path)).status);
  }

  async #repeat(connection: LoadFailure['connection'], request: () => Promise<number>): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const what = await request().catch((error: Error & { code?: string }) => error.code ?? error.message);
      this.#requests++;
      if (what !== 200) this.#failures.push({ at: new Date().toISOString(), connection, what: String(what) });
      await delay(pauseMs);
    }
  }
}
