/* Only tests use this: what the page does with the stream, without a browser. */
import { get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { Entry, TableChange } from '../entries';

export class TableReader {
  entries = new Map<string, Entry>();
  readonly events: string[] = [];
  lastId: string | undefined;
  /** All that was sent. */
  text = '';
  #left = '';
  #look: () => void = () => undefined;

  private constructor(private readonly response: IncomingMessage) {
    response.setEncoding('utf8').on('data', (part: string) => this.#take(part));
    response.on('error', () => undefined);
  }

  static async open(url: string, headers: Record<string, string>): Promise<TableReader> {
    const [response] = (await once(get(url, { headers, agent: false }), 'response')) as [IncomingMessage];
    return new TableReader(response);
  }

  get headers(): IncomingMessage['headers'] {
    return this.response.headers;
  }

  /** Waits until something holds of what was sent; the test's own time-out is the limit. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const timer = setInterval(() => this.#look(), 5);
      this.#look = () => {
        if (!holds()) return;
        clearInterval(timer);
        resolve();
      };
    });
  }

  close(): void {
    this.response.destroy();
  }

  #take(part: string): void {
    this.text += part;
    const blocks = (this.#left + part).split('\n\n');
    this.#left = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]),
      );
      const event = fields.get('event') ?? '';
      this.events.push(event);
      this.lastId = fields.get('id') ?? this.lastId;
      const { set = {}, gone = [] } = JSON.parse(fields.get('data') ?? '{}') as Partial<TableChange>;
      if (event === 'snapshot') this.entries = new Map();
      for (const [key, entry] of Object.entries(set)) this.entries.set(key, entry);
      for (const key of gone) this.entries.delete(key);
    }
    this.#look();
  }
}
