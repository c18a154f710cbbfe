import type { ServerResponse } from 'node:http';
import type { Ledger } from './ledger';

export interface FeedOptions {
  ledger: Ledger;
  /** Names this run of the server: its versions are its own. */
  run: string;
  /** The cluster's clock. */
  now: () => Date;
  /** Milliseconds between two signs of life. */
  beatMs?: number;
  /** Pages that are served at once. */
  most?: number;
}

interface Reader {
  response: ServerResponse;
  /** That it was sent. */
  version: number | undefined;
  /** Beats since it took what it was sent last; it is sent nothing meanwhile. */
  beatsBehind: number;
  isBehind: boolean;
}

/** A page that takes nothing for so many beats is let go; it comes back by itself. */
const mostBeatsBehind = 6;

/**
 * Tells pages of the table as server-sent events: `snapshot`, then `change`, and `beat` while nothing happens. Of a page
 * that reads slowly only its version is remembered: when it has taken what it was sent, it gets the difference to what is
 * then the newest.
 */
export class Feed {
  readonly #readers = new Set<Reader>();
  readonly #beating: NodeJS.Timeout;

  constructor(private readonly options: FeedOptions) {
    this.#beating = setInterval(() => this.#beat(), options.beatMs ?? 10_000).unref();
  }

  get isFull(): boolean {
    return this.#readers.size >= (this.options.most ?? 500);
  }

  /** Pages that are connected. */
  get pages(): number {
    return this.#readers.size;
  }

  /** @param lastId of the last event that it has; what is not known of this run brings a snapshot */
  add(response: ServerResponse, lastId: string | undefined): void {
    const reader: Reader = { response, version: this.#versionOf(lastId), beatsBehind: 0, isBehind: false };
    response.on('drain', () => {
      reader.isBehind = false;
      this.#bring(reader);
    });
    response.on('close', () => this.#readers.delete(reader));
    response.on('error', () => this.#readers.delete(reader));
    this.#readers.add(reader);
    this.#bring(reader, true);
  }

  /** The table has changed. */
  tell(): void {
    for (const reader of this.#readers) this.#bring(reader);
  }

  close(): void {
    clearInterval(this.#beating);
    for (const { response } of this.#readers) response.end();
    this.#readers.clear();
  }

  #versionOf(lastId = ''): number | undefined {
    const [run, version] = lastId.split(':');
    return run === this.options.run && /^\d{1,15}$/.test(version ?? '') ? Number(version) : undefined;
  }

  /** @param atOnce also when it has the newest: then it hears so */
  #bring(reader: Reader, atOnce = false): void {
    const { ledger, run, now } = this.options;
    if (reader.isBehind || (reader.version === ledger.version && !atOnce)) return;
    const { event, version, set, gone } = ledger.after(reader.version);
    reader.version = version;
    const data = `{"now":"${now().toISOString()}","set":${set},"gone":${gone}}`;
    this.#send(reader, `id: ${run}:${version}\nevent: ${event}\ndata: ${data}\n\n`);
  }

  #beat(): void {
    for (const reader of this.#readers) {
      if (!reader.isBehind) this.#send(reader, 'event: beat\ndata: {}\n\n');
      else if (++reader.beatsBehind >= mostBeatsBehind) reader.response.destroy();
    }
  }

  #send(reader: Reader, text: string): void {
    reader.beatsBehind = 0;
    reader.isBehind = !reader.response.write(text);
  }
}
