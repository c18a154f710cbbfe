import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ImageResult, Until } from './make-images';

/** Relative to the workspace. */
export const recordFile = '.berth/images.json';

/** What the last run did with the images: `images` by project. Programs read it, and never what was printed. */
export interface ImageRecord {
  until: Until;
  images: Record<
    string,
    {
      outcome: ImageResult['outcome'];
      reference?: string;
      tag?: string;
      digest?: string;
      seconds: number;
      failure?: string;
    }
  >;
}

/** Writes the record of a run, whole or not at all. */
export function writeRecord(workspaceRoot: string, until: Until, results: readonly ImageResult[]): void {
  const record: ImageRecord = {
    until,
    images: Object.fromEntries(
      results.map(({ project, milliseconds, failure, ...rest }) => [
        project,
        { ...rest, seconds: milliseconds / 1000, ...(failure && { failure: failure.message }) },
      ]),
    ),
  };
  const path = join(workspaceRoot, recordFile);
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(draft, path);
}
