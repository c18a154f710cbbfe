import { open, readFile, rename } from 'node:fs/promises';
import { errorText, type Log } from './log';

/** Milliseconds between the end of one writing and the next, at least: thousands of routes are some megabytes. */
const PAUSE_MS = 1000;
/**
 * The pause is as many times as long as the writing was. On a machine with much else to do that takes long, and who has
 * just used a processor waits longer for it: so does a change that comes while the file is written.
 */
const PAUSE_FACTOR = 39;
/** Characters that are made and written at once; then whatever else has come gets its turn. */
const AT_ONCE = 16_384;

export interface Format<State> {
  /** The text in pieces of any length; made one after the other, while it is written. */
  pieces(state: State): Iterable<string>;
  /** @throws Error when the text is no such state. */
  parse(text: string): State;
}

/**
 * A state that nginx took, in the file that it loads when it starts; only their own user may read it.
 * Replaced whole by a rename, so that a reader sees the old or the new one. It is not forced to the disk: it lives as
 * long as the pod does and has to outlive its containers, not the machine.
 */
export class StateFile<State> {
  #next: (() => State) | undefined;
  #writing: Promise<void> | undefined;
  #isHurried = false;
  #endPause: () => void = () => undefined;

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

  /**
   * Has the state written soon; of those that wait only the last.
   * @param state asked when the writing begins, for a value that does not change any more
   */
  save(state: () => State): void {
    this.#next = state;
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
  }

  /** Until all that was saved is in the file, or could not be written; without pauses. */
  async flush(): Promise<void> {
    this.#isHurried = true;
    this.#endPause();
    while (this.#writing) await this.#writing;
    this.#isHurried = false;
  }

  async #write(): Promise<void> {
    const { path } = this;
    while (this.#next) {
      const begun = performance.now();
      const state = this.#next();
      this.#next = undefined;
      try {
        const temporary = `${path}.tmp`;
        await this.#writeTo(temporary, state);
        await rename(temporary, path);
      } catch (error) {
        this.log.error('the snapshot cannot be written', { path, error: errorText(error) });
      }
      if (!this.#isHurried)
        await this.#pause(Math.max(this.pauseMs, PAUSE_FACTOR * (performance.now() - begun)));
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #writeTo(path: string, state: State): Promise<void> {
    const file = await open(path, 'w', 0o600);
    try {
      let text = '';
      for (const piece of this.format.pieces(state)) {
        text += piece;
        if (text.length < AT_ONCE) continue;
        await file.write(text);
        text = '';
      }
      await file.write(text);
    } finally {
      await file.close();
    }
  }
}
