import http from 'node:http';
import { json, text } from 'node:stream/consumers';
import { HEARTBEAT_MS } from './reader-server';

/** Milliseconds without an answer after which a question is given up. */
const TIMEOUT_MS = 5000;

/** Asks what reads dockerd for a service, at its address. */
export class ReaderClient<State> {
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 2 });

  constructor(readonly url: string) {}

  /** @throws Error when it is not known */
  async state(): Promise<State> {
    return (await json(await this.#ask('/state', TIMEOUT_MS))) as State;
  }

  /** Tells of each change until the signal. @throws Error when it is told no more, or nothing for long */
  async follow(onChange: () => void, signal: AbortSignal): Promise<void> {
    const answer = await this.#ask('/events', 3 * HEARTBEAT_MS, signal);
    for await (const part of answer as AsyncIterable<Buffer>) if (part.toString().trim() !== '') onChange();
    throw new Error('the events have ended');
  }

  close(): void {
    this.#agent.destroy();
  }

  async #ask(path: string, timeout: number, signal?: AbortSignal): Promise<http.IncomingMessage> {
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const agent = signal ? {} : { agent: this.#agent };
      const sent = http.get(
        new URL(path, this.url),
        { ...agent, timeout, ...(signal && { signal }) },
        resolve,
      );
      // Its answer ends by the same.
      sent.on('timeout', () => sent.destroy(new Error(`no answer from ${this.url} for ${timeout} ms`)));
      sent.on('error', reject);
    });
    if (answer.statusCode === 200) return answer;
    throw new Error(
      `${this.url} answered ${answer.statusCode}: ${(await text(answer)).trim().slice(0, 200)}`,
    );
  }
}
