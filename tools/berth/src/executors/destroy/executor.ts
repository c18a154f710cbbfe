import type { ExecutorContext } from '@nx/devkit';
import { environmentOf } from '../../environment/environment-of';
import { connect } from '../../environment/target';
import { writeResult } from '../../result-file';
import { passedOver } from '../passed-over';
import { withUserErrors } from '../user-errors';
import { listAndDestroy, type DestroyOptions } from './list-and-destroy';

/** Lists everything of the environment, volumes too, asks, and deletes it. */
export default function destroy(options: DestroyOptions, context: ExecutorContext) {
  return withUserErrors(async () => {
    const models = environmentOf(context);
    const { name } = models.environment;
    if (passedOver(models, 'destroy', options, context)) return;
    const { target, close } = connect(models, context.root);
    try {
      const result = await listAndDestroy(target, name, options, `nx destroy ${context.projectName}`);
      if (result.destroyed) console.log(`Its folder ${models.environment.root} stays.`);
      writeResult(context.root, options.json, result);
    } finally {
      close();
    }
  });
}
