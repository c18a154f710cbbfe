import type { ExecutorContext } from '@nx/devkit';
import { makeAndReport, type Until } from '../../image';
import { isDone } from '../../image/image-result';
import { readOptions, withEngine } from '../../options';
import { withUserErrors } from '../user-errors';

export { imageBatch } from './batch';

export interface ImageExecutorOptions {
  until: Until;
  /** In place of the one in nx.json. */
  engine?: string;
  /** File of the record of what was done, relative to the workspace. */
  json?: string;
}

/** Brings one project's image as far as `until` says. Nx takes the batch instead wherever it can. */
export default function image({ until, engine, json }: ImageExecutorOptions, context: ExecutorContext) {
  return withUserErrors(async () => {
    const options = withEngine(readOptions(context.nxJsonConfiguration), engine);
    const results = await makeAndReport([context.projectName ?? ''], until, options, context, { json });
    return results.every(isDone);
  });
}
