import { readFile, rename, writeFile } from 'node:fs/promises';
import { errorText, type Log } from './log';

/** Milliseconds between the end of one writing and the next: at thousands of routes the text takes a while. */
const PAUSE_MS = 200;

export interface Format<State> {
  text(state: State): string;
  /** @throws Error when the text is no such state. */
  parse(text: string): State;
}

/**
 * A state that nginx took, in the file that it loads when it starts; only their own user may read it.
 * Replaced whole by a rename, so that a reader sees the old or the new one. It is not forced to the disk: it lives as
 * long as the pod does and has to outlive its containers, not the machine.
 */
export class StateFile<State> {
  #next: State | undefined;
  #writing: Promise<void> | undefined;

  constructor(
    private readonly path: string,
    private readonly format: Format<State>,
    private readonly log: Log,
    private readonly pauseMs = PAUSE_MS,
  ) {}

  /** The state in the file; undefined when there is none, or none that can be read. */
  async load(): Promise<State | undefined> {
    const { path } = this;
    try {
      return this.format.parse(await readFile(path, 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        this.log.warn('the snapshot cannot be read and is left out', { path, error: errorText(error) });
      }
      return undefined;
    }
  }

  /** Has the state written soon; of those that wait only the last. */
  save(state: State): void {
    this.#next = state;
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
  }

  /** Until all that was saved is in the file, or could not be written. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async #write(): Promise<void> {
    const { path } = this;
    while (this.#next) {
      const state = this.#next;
      this.#next = undefined;
      try {
        const temporary = `${path}.tmp`;
        await writeFile(temporary, this.format.text(state), { mode: 0o600 });
        await rename(temporary, path);
      } catch (error) {
        this.log.error('the snapshot cannot be written', { path, error: errorText(error) });
      }
      await new Promise((resolve) => setTimeout(resolve, this.pauseMs));
    }
  }
}
