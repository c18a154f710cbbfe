import type { ExecutorContext } from '@nx/devkit';
import { forgetDataDirectory } from '../../data-directory';
import type { Until } from '../../image/image-record';
import { isDone } from '../../image/image-result';
import { makeAndReport } from '../../image/make-and-report';
import { readOptions, withEngine } from '../../options';
import { withUserErrors } from '../user-errors';
import { load as loadAsking } from './ask-and-report.later';

export { imageBatch } from './batch';

export interface ImageExecutorOptions {
  until: Until;
  /** In place of the one in nx.json. */
  engine?: string;
  /** Asks the registry and builds nothing. */
  dryRun?: boolean;
  /** File of the record of what was done, relative to the workspace. */
  json?: string;
}

/** Brings one project's image as far as `until` says. Nx takes the batch instead wherever it can. */
export default function image(
  { until, engine, dryRun, json }: ImageExecutorOptions,
  context: ExecutorContext,
) {
  forgetDataDirectory(process.env);
  return withUserErrors(async () => {
    const options = withEngine(readOptions(context.nxJsonConfiguration), engine);
    if (dryRun) {
      const { askAndReport } = await loadAsking();
      await askAndReport([context.projectName ?? ''], options, context, json);
      return true;
    }
    const results = await makeAndReport([context.projectName ?? ''], until, options, context, { json });
    return results.every(isDone);
  });
}
