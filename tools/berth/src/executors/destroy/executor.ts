import type { ExecutorContext } from '@nx/devkit';
import { nameOf } from '@berth/deploy';
import { environmentOf } from '../../environment/environment-of';
import { mayChange } from '../../environment/protection';
import { connect } from '../../environment/target';
import { invocation } from '../../invocation';
import { confirmDestruction, type Consent } from '../confirm';
import { writeResult } from '../../result-file';
import { withUserErrors } from '../user-errors';

export interface DestroyOptions extends Consent {
  dryRun?: boolean;
  json?: string;
}

/** Lists everything of the environment, volumes too, asks, and deletes it. */
export default function destroy(options: DestroyOptions, context: ExecutorContext) {
  return withUserErrors(async () => {
    const models = environmentOf(context);
    const { name } = models.environment;
    if (!mayChange(models.environment, context.projectName ?? '', 'destroy', invocation(process.env))) {
      console.log(`${name} is protected and was not named: nothing was done.`);
      return;
    }
    const { target, close } = connect(models, context.root);
    try {
      const objects = (await target.planDestroy(name)).map(nameOf);
      const result = { environment: name, dryRun: !!options.dryRun, objects };
      if (objects.length === 0) {
        console.log(`There is nothing of ${name}.`);
      } else {
        console.log(`Destroying ${name} deletes:`);
        for (const object of objects) console.log(`  ${object}`);
        if (!options.dryRun) {
          await confirmDestruction(name, options, `nx destroy ${context.projectName}`);
          await target.destroy(name, (message) => console.log(`  ${message}`));
          console.log(`${name} is gone; its folder ${models.environment.root} stays.`);
        }
      }
      writeResult(context.root, options.json, result);
    } finally {
      close();
    }
  });
}
