import { writeResult } from '../result-file';
import type { ImageResult } from './image-result';

/** How far an image that the registry lacks is brought. */
export type Until = 'build' | 'test' | 'push';

/** Where the record of a run is when nobody names another file; relative to the workspace. */
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
      /** That its push has sent. */
      bytes?: number;
      seconds: number;
      failure?: string;
    }
  >;
}

/**
 * Writes the record of a run, whole or not at all.
 * @param file relative to the workspace
 */
export function writeRecord(
  workspaceRoot: string,
  until: Until,
  results: readonly ImageResult[],
  file = recordFile,
): void {
  const record: ImageRecord = {
    until,
    images: Object.fromEntries(
      results.map(({ project, milliseconds, failure, ...rest }) => [
        project,
        { ...rest, seconds: milliseconds / 1000, ...(failure && { failure: failure.message }) },
      ]),
    ),
  };
  writeResult(workspaceRoot, file, record);
}
