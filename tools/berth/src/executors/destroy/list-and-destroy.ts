import { nameOf, type Destroying } from '@berth/deploy';
import { confirmDestruction, type Consent } from '../confirm';

export interface DestroyOptions extends Consent {
  dryRun?: boolean;
  json?: string;
}

/** What was listed and done, for the `--json` file. */
export interface Destruction {
  environment: string;
  dryRun: boolean;
  objects: string[];
  destroyed: boolean;
}

/**
 * Lists everything of the environment, volumes too, asks, and deletes it.
 * @param command what to type to go on without being asked
 * @throws UserError when the namespace is not Berth's, or the person does not agree
 */
export async function listAndDestroy(
  target: Destroying,
  environment: string,
  options: DestroyOptions,
  command: string,
): Promise<Destruction> {
  const objects = (await target.planDestroy(environment)).map(nameOf);
  const destroyed = objects.length > 0 && !options.dryRun;
  if (objects.length === 0) {
    console.log(`There is nothing of ${environment}.`);
  } else {
    console.log(`Destroying ${environment} deletes:`);
    for (const object of objects) console.log(`  ${object}`);
  }
  if (destroyed) {
    await confirmDestruction(environment, options, command);
    await target.destroy(environment, { onProgress: (message) => console.log(`  ${message}`) });
    console.log(`${environment} is gone.`);
  }
  return { environment, dryRun: !!options.dryRun, objects, destroyed };
}
