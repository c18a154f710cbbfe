import type { ExecutorContext } from '@nx/devkit';
import { askImages } from '../../image/ask-images';
import type { BerthOptions } from '../../options';
import { writeResult } from '../../result-file';
import { columns } from '../columns';

/** What a dry run found, by project. */
export interface DryRunRecord {
  dryRun: true;
  images: Record<string, { outcome: 'reused' | 'missing'; reference: string; digest?: string }>;
}

/**
 * Says which images the registry has and which would be built; builds nothing.
 * @param record file of what was found, relative to the workspace; none when absent
 */
export async function askAndReport(
  projects: readonly string[],
  options: BerthOptions,
  context: Pick<ExecutorContext, 'root' | 'projectGraph'>,
  record: string | undefined,
): Promise<void> {
  const asked = await askImages(projects, options, context);
  const rows = asked.map(({ project, reference, digest }) => [
    project,
    digest === undefined ? 'would be built' : 'reused',
    digest ?? reference,
  ]);
  for (const line of columns(rows)) console.log(line);
  console.log('This was a dry run: nothing was built.');
  const found: DryRunRecord = {
    dryRun: true,
    images: Object.fromEntries(
      asked.map(({ project, reference, digest }) => [
        project,
        digest === undefined ? { outcome: 'missing', reference } : { outcome: 'reused', reference, digest },
      ]),
    ),
  };
  writeResult(context.root, record, found);
}
