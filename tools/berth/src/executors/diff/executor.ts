import type { ExecutorContext } from '@nx/devkit';
import { diff as difference, planLines, planSummary } from '@berth/deploy';
import { ProcessRunner } from '@berth/exec';
import { desiredObjects } from '../../environment/desired';
import { environmentOf } from '../../environment/environment-of';
import { imageSourceOf } from '../../environment/image-source';
import { connect } from '../../environment/target';
import { changeResults } from '../deploy/result';
import { writeResult } from '../../result-file';
import { withUserErrors } from '../user-errors';

/** Shows what a deploy would change; builds and changes nothing. */
export default function diff(options: { json?: string }, context: ExecutorContext) {
  return withUserErrors(async () => {
    const models = environmentOf(context);
    const { environment } = models;
    const resolved = await imageSourceOf(models.services(), models.options, context).resolve();
    const images = Object.entries(resolved).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    const missingImages = Object.keys(resolved).filter((service) => resolved[service] === undefined);
    const render = await desiredObjects(models, new ProcessRunner());
    const { target, close } = connect(models, context.root);
    try {
      const changes = await difference(target, environment.name, render(Object.fromEntries(images)));
      for (const service of missingImages) console.log(`+ build the image of ${service}`);
      for (const line of [...planLines(changes), planSummary(changes)]) console.log(line);
      const result = { environment: environment.name, changes: changeResults(changes), missingImages };
      writeResult(context.root, options.json, result);
    } finally {
      close();
    }
  });
}
