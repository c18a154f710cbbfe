import type { ExecutorContext } from '@nx/devkit';
import { environmentOf } from '../../environment/environment-of';
import { connect } from '../../environment/target';
import { writeResult } from '../../result-file';
import { withUserErrors } from '../user-errors';
import { historyLines } from './history-lines';

/** Shows the deploys that the environment remembers. */
export default function history(options: { json?: string }, context: ExecutorContext) {
  return withUserErrors(async () => {
    const models = environmentOf(context);
    const { name } = models.environment;
    const { target, close } = connect(models, context.root);
    try {
      const records = await target.records(name);
      for (const line of historyLines(name, records)) console.log(line);
      writeResult(context.root, options.json, { environment: name, records });
    } finally {
      close();
    }
  });
}
