import type { WriteStream } from 'node:tty';

const up = (lines: number) => (lines > 0 ? `\u001b[${lines}A` : '');
const ERASE_BELOW = '\u001b[J';

/** Lines at the end of a terminal that change, below lines that stay. */
export class LiveLines {
  #lines: readonly string[] = [];
  /** How many of them are on the screen; the cursor stands below the last one. */
  #shown = 0;

  constructor(private readonly terminal: Pick<WriteStream, 'write' | 'columns'>) {}

  /** Prints a line that stays, above those that change. */
  print(line: string): void {
    this.#draw(`${line}\n`);
  }

  show(lines: readonly string[]): void {
    if (lines.join('\n') === this.#lines.join('\n')) return;
    this.#lines = lines;
    this.#draw('');
  }

  /** In one write, so that no half of it is ever seen. */
  #draw(above: string): void {
    // A line that wraps would take two, of which one would stay.
    const cut = this.#lines.map((line) =>
      Array.from(line)
        .slice(0, this.terminal.columns - 1)
        .join(''),
    );
    this.terminal.write(
      `${up(this.#shown)}\r${ERASE_BELOW}${above}${cut.map((line) => `${line}\n`).join('')}`,
    );
    this.#shown = cut.length;
  }
}
