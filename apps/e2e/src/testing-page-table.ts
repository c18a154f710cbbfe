/* Only tests use this: what the page hears of its server, without a browser. */
import { once } from 'node:events';
import http from 'node:http';
import { json } from 'node:stream/consumers';

export interface PageCell {
  state: string;
  message: string;
  ready: number;
  hosts: string[];
  lastDeploy?: { author: string; commit?: string; outcome: string };
}

/** The table of a page, as its server tells it, and goes on to. */
export class PageTable {
  readonly #cells = new Map<string, PageCell>();
  readonly #states = new Map<string, readonly string[]>();
  #left = '';

  private constructor(
    private readonly host: string,
    private readonly socketPath: string,
    private readonly stream: http.IncomingMessage,
  ) {
    stream.setEncoding('utf8').on('data', (part: string) => this.#take(part));
    stream.on('error', () => undefined);
  }

  /** @param socketPath of what leads to the gateway. @param host of the page */
  static async open(socketPath: string, host: string): Promise<PageTable> {
    return new PageTable(host, socketPath, await get(socketPath, host, '/api/table'));
  }

  /** By key, for example `service/staging/Service/web`. */
  cell(key: string): PageCell | undefined {
    return this.#cells.get(key);
  }

  keys(): string[] {
    return [...this.#cells.keys()].sort();
  }

  /** What a cell was said to be, one after the other, since it was first heard of; no two in a row are the same. */
  states(key: string): readonly string[] {
    return this.#states.get(key) ?? [];
  }

  /** What else the page asks for. */
  async ask(path: string): Promise<unknown> {
    return json(await get(this.socketPath, this.host, path));
  }

  close(): void {
    this.stream.destroy();
  }

  #take(part: string): void {
    const blocks = (this.#left + part).split('\n\n');
    this.#left = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = block.split('\n').find((line) => line.startsWith('data: '));
      const { set = {}, gone = [] } = JSON.parse(data?.slice('data: '.length) ?? '{}') as {
        set?: Record<string, PageCell>;
        gone?: string[];
      };
      for (const [key, cell] of Object.entries(set)) {
        this.#cells.set(key, cell);
        const states = this.states(key);
        // It comes again whenever anything else of the cell changes, such as a probe.
        if (states.at(-1) !== cell.state) this.#states.set(key, [...states, cell.state]);
      }
      for (const key of gone) this.#cells.delete(key);
    }
  }
}

async function get(socketPath: string, host: string, path: string): Promise<http.IncomingMessage> {
  const sent = http.get({ socketPath, path, headers: { host }, agent: false });
  const [answer] = (await once(sent, 'response')) as [http.IncomingMessage];
  return answer;
}
