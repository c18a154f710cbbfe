import type { ExecutorContext } from '@nx/devkit';
import { diff as difference, isEmpty, planLines, planSummary } from '@berth/deploy';
import { ProcessRunner } from '@berth/exec';
import { desiredObjects } from '../../environment/desired';
import { environmentOf } from '../../environment/environment-of';
import { imageSourceOf } from '../../environment/image-source';
import { connect } from '../../environment/target';
import { changeResults } from '../deploy/result';
import { writeFailure, writeResult } from '../../result-file';
import { withUserErrors } from '../user-errors';
import { imageChanges, imageLines } from './images';

export interface DiffOptions {
  json?: string;
  /** Fails when there is a difference. */
  exitCode?: boolean;
}

/** Shows what a deploy would change; builds and changes nothing. */
export default function diff(options: DiffOptions, context: ExecutorContext) {
  return withUserErrors(async () => {
    try {
      return await show(options, context);
    } catch (error) {
      // Whoever fails on a difference can tell it from this.
      writeFailure(context.root, options.json, {
        environment: context.projectName,
        failure: (error as Error).message,
      });
      throw error;
    }
  });
}

async function show({ json, exitCode }: DiffOptions, context: ExecutorContext): Promise<boolean> {
  const runner = new ProcessRunner({ cwd: context.root });
  const models = environmentOf(context);
  const { environment } = models;
  const resolved = await imageSourceOf(models.services(), models.options, context).resolve();
  const known = Object.entries(resolved).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const missingImages = Object.keys(resolved).filter((service) => resolved[service] === undefined);
  const render = await desiredObjects(models, runner);
  const { target, close } = connect(models, context.root);
  try {
    const changes = await difference(target, environment.name, render(Object.fromEntries(known)));
    const records = isEmpty(changes) ? [] : await target.records(environment.name);
    const images = await imageChanges(changes, resolved, records, context.projectGraph, runner);
    for (const service of missingImages) console.log(`+ build the image of ${service}`);
    for (const line of [...imageLines(images), ...planLines(changes), planSummary(changes)])
      console.log(line);
    const differs = !isEmpty(changes) || missingImages.length > 0;
    writeResult(context.root, json, {
      environment: environment.name,
      differs,
      changes: changeResults(changes),
      missingImages,
      images,
    });
    return !(exitCode && differs);
  } finally {
    close();
  }
}
