import type { WriteStream } from 'node:tty';

const up = (lines: number) => (lines > 0 ? `\u001b[${lines}A` : '');
const ERASE_BELOW = '\u001b[J';

/** Lines at the end of a terminal that change, below lines that stay. */
export class LiveLines {
  #lines: readonly string[] = [];
  /** How many of them are on the screen; the cursor stands below the last one. */
  #shown = 0;

  constructor(private readonly terminal: Pick<WriteStream, 'write' | 'columns' | 'rows'>) {}

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
    // What has scrolled off the top cannot be erased: the last lines have the sums.
    const fitting = this.#lines.slice(-Math.max(this.terminal.rows - 1, 1));
    // A line that wraps would take two, of which one would stay.
    const cut = fitting.map((line) => cutTo(this.terminal.columns - 1, line));
    this.terminal.write(
      `${up(this.#shown)}\r${ERASE_BELOW}${above}${cut.map((line) => `${line}\n`).join('')}`,
    );
    this.#shown = cut.length;
  }
}

/** What is not ASCII may be two columns wide, or none. */
function cutTo(columns: number, line: string): string {
  let width = 0;
  return Array.from(line)
    .filter((character) => (width += character > '\u007f' ? 2 : 1) <= columns)
    .join('');
}
