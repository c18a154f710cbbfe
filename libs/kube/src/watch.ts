import { ApiError } from './errors';
import { linesOf } from './lines';
import type { LiveObject, ObjectList } from './object';

export interface WatchOptions {
  /**
   * Called after the store has changed, with the keys (`<namespace>/<name>`) of objects that came, went or are other
   * than before. What happened to them is not said: look at what there is now.
   */
  onChange?: (keys: readonly string[]) => void;
  /** Called when the list or the watch failed; it is tried again, and the store keeps what it had. */
  onError?: (error: Error) => void;
  /** What is kept of each object: the whole when absent. A cluster's pods with all that they have are much to hold. */
  keep?: (object: LiveObject) => LiveObject;
  /** Milliseconds between two tries of what fails, at most; 10,000 when absent. */
  longestPauseMs?: number;
  signal?: AbortSignal;
}

/** Where the objects come from; apart from the client, so that a test can cut it at any point. */
export interface WatchSource {
  /** The whole list, in one part or several. @param signal given, it is asked for no more */
  pages(signal: AbortSignal): AsyncIterable<ObjectList>;
  stream(
    resourceVersion: string,
    timeoutSeconds: number,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Buffer>>;
}

interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: LiveObject & { code?: number; message?: string };
}

/** The server has forgotten the version from which a watch was to go on: only a new list helps. */
class ExpiredError extends Error {}

const shortestPause = 100;
const standardLongestPause = 10_000;

/**
 * The objects of one query, kept current.
 * Level-based: `items()` is always a whole state; the watch resumes where it was cut, bookmarks keep that place fresh,
 * and status 410 leads to a new list. A failure never empties the store.
 */
export class Watch {
  /** Resolves after the first list. Never rejects: a failing list is told to `onError` and tried again. */
  readonly synced: Promise<void>;
  private objects = new Map<string, LiveObject>();
  private resourceVersion: string | undefined;
  private readonly stopping = new AbortController();
  private failures = 0;
  private markSynced: () => void = () => undefined;

  constructor(
    private readonly source: WatchSource,
    private readonly options: WatchOptions,
  ) {
    this.synced = new Promise((resolve) => (this.markSynced = resolve));
    if (options.signal?.aborted) this.close();
    else options.signal?.addEventListener('abort', () => this.close(), { once: true });
    void this.run();
  }

  items(): LiveObject[] {
    return [...this.objects.values()];
  }

  get(name: string, namespace?: string): LiveObject | undefined {
    return this.at(keyOf(name, namespace));
  }

  /** @param key as `onChange` is told it */
  at(key: string): LiveObject | undefined {
    return this.objects.get(key);
  }

  /** How many objects there are. */
  get size(): number {
    return this.objects.size;
  }

  /** Whether the last list or watch succeeded. */
  get healthy(): boolean {
    return this.resourceVersion !== undefined && this.failures === 0;
  }

  close(): void {
    this.stopping.abort();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        if (this.resourceVersion === undefined) await this.relist();
        const start = Date.now();
        await this.follow();
        // A server that ends every watch at once must not be asked without a pause.
        if (Date.now() - start < shortestPause) await pause(shortestPause, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ExpiredError || (error instanceof ApiError && error.status === 410)) {
          this.resourceVersion = undefined;
        } else {
          this.options.onError?.(error as Error);
        }
        this.failures++;
        const { longestPauseMs = standardLongestPause } = this.options;
        const limit = Math.min(shortestPause * 2 ** (this.failures - 1), longestPauseMs);
        await pause(limit * (0.5 + Math.random() / 2), signal);
      }
    }
  }

  private async relist(): Promise<void> {
    const { signal } = this.stopping;
    const objects = new Map<string, LiveObject>();
    const changed: string[] = [];
    let version: string | undefined;
    for await (const { items, resourceVersion } of this.source.pages(signal)) {
      if (signal.aborted) return;
      for (const item of items) {
        const key = keyOf(item.metadata.name, item.metadata.namespace);
        const before = this.objects.get(key);
        if (before && before.metadata.resourceVersion === item.metadata.resourceVersion) {
          objects.set(key, before);
        } else {
          objects.set(key, this.kept(item));
          changed.push(key);
        }
      }
      version = resourceVersion;
    }
    for (const key of this.objects.keys()) if (!objects.has(key)) changed.push(key);
    this.objects = objects;
    this.resourceVersion = version;
    this.failures = 0;
    this.markSynced();
    this.options.onChange?.(changed);
  }

  /** Takes in events until the server ends the watch, as it does after some minutes. */
  private async follow(): Promise<void> {
    const { signal } = this.stopping;
    // Spread out, as client-go does, so that many watches do not come back at once.
    const timeoutSeconds = Math.round(300 * (1 + Math.random()));
    const events = await this.source.stream(this.resourceVersion ?? '', timeoutSeconds, signal);
    this.failures = 0;
    for await (const line of linesOf(events)) {
      if (signal.aborted) return;
      if (line) this.take(JSON.parse(line) as WatchEvent);
    }
  }

  private take({ type, object }: WatchEvent): void {
    if (type === 'ERROR') {
      if (object.code === 410) throw new ExpiredError(object.message ?? '410');
      throw new Error(`The watch ended: ${object.message ?? JSON.stringify(object)}`);
    }
    this.resourceVersion = object.metadata.resourceVersion;
    if (type === 'BOOKMARK') return;
    const key = keyOf(object.metadata.name, object.metadata.namespace);
    if (type === 'DELETED') this.objects.delete(key);
    else this.objects.set(key, this.kept(object));
    this.options.onChange?.([key]);
  }

  private kept(object: LiveObject): LiveObject {
    return this.options.keep?.(object) ?? object;
  }
}

function keyOf(name: string, namespace = ''): string {
  return `${namespace}/${name}`;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
