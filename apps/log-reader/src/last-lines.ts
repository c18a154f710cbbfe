import type { TimedLine } from '@berth/kube';

/** One line that a container has put out. */
export interface Line {
  /** RFC 3339. */
  at: string;
  text: string;
}

export interface LastLines {
  lines: Line[];
  /** There were earlier ones. */
  isCut: boolean;
}

const mostLines = 100;
/** Lines that are asked for: with one more it is known whether there were earlier ones. */
export const askedLines = mostLines + 1;
/** Of one container. */
const mostCharacters = 32_768;
/**
 * A longer line is left out whole: cut, it could end or begin with a part of a value that nobody would know. Runtimes
 * cut at 16,384 bytes, so what they may have cut is longer too.
 */
const longestLine = 8_192;

/** What terminals take for colours. Taken out before values are looked for: one could stand within a value. */
const colours = new RegExp(`${String.fromCharCode(0x1b)}\\[[0-9;]*m`, 'g');

/** The last lines of a log, each whole. */
export async function lastLines(log: AsyncIterable<TimedLine>): Promise<LastLines> {
  const lines: Line[] = [];
  let characters = 0;
  let isCut = false;
  for await (const { time, text: written, continues } of log) {
    if (continues) continue;
    // The node's own words, where it has the lines no more.
    if (time === '') {
      isCut = true;
      continue;
    }
    const isLong = Buffer.byteLength(written) > longestLine;
    const text = isLong ? `(a line of more than ${longestLine} bytes)` : written.replace(colours, '');
    lines.push({ at: time, text });
    characters += text.length;
    while (lines.length > mostLines || characters > mostCharacters) {
      characters -= lines.shift()!.text.length;
      isCut = true;
    }
  }
  return { lines, isCut };
}
