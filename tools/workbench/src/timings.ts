import { readFileSync } from 'node:fs';
import { writeWhole } from '@berth/exec';
import { UserError } from '@berth/model';

/** How long each step took last time, in milliseconds by title; kept in a file that Git ignores. */
export class Timings {
  private readonly last: Record<string, number>;

  constructor(private readonly file: string) {
    this.last = read(file);
  }

  of(title: string): number | undefined {
    return this.last[title];
  }

  /** What cannot be written is no reason to stop either. */
  record(title: string, milliseconds: number): void {
    this.last[title] = milliseconds;
    try {
      writeWhole({ path: this.file, content: `${JSON.stringify(this.last, null, 2)}\n` });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
}

/** A missing or damaged file is no reason to stop: the figures are a courtesy. */
function read(file: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
  } catch {
    return {};
  }
}
