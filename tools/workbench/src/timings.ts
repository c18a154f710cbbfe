import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** How long each step took last time, in milliseconds by title; kept in a file that Git ignores. */
export class Timings {
  private readonly last: Record<string, number>;

  constructor(private readonly file: string) {
    this.last = read(file);
  }

  of(title: string): number | undefined {
    return this.last[title];
  }

  record(title: string, milliseconds: number): void {
    this.last[title] = milliseconds;
    mkdirSync(dirname(this.file), { recursive: true });
    const draft = `${this.file}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(this.last, null, 2)}\n`);
    renameSync(draft, this.file);
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
