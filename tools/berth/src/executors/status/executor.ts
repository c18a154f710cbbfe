import type { ExecutorContext } from '@nx/devkit';
import { environmentOf } from '../../environment/environment-of';
import { connect } from '../../environment/target';
import { writeResult } from '../../result-file';
import { withUserErrors } from '../user-errors';
import { statusLines } from './status-lines';

/** Shows what runs in the environment, how well, and what was deployed last. */
export default function status(options: { json?: string }, context: ExecutorContext) {
  return withUserErrors(async () => {
    const models = environmentOf(context);
    const { target, close } = connect(models, context.root);
    try {
      const found = await target.status(models.environment.name);
      for (const line of statusLines(found, new Date())) console.log(line);
      writeResult(context.root, options.json, found);
    } finally {
      close();
    }
  });
}
