import {
  destroyIfExpired,
  nameOf,
  type Destroying,
  type ExpiredEnvironment,
  type Expiring,
} from '@berth/deploy';
import { UserError } from '@berth/model';
import { confirmDestruction } from '../confirm';
import type { DestroyOptions } from '../destroy/list-and-destroy';

/** What was listed and done, for the `--json` file. */
export interface ExpiredDestruction {
  dryRun: boolean;
  expired: (ExpiredEnvironment & { objects: string[] })[];
  destroyed: string[];
}

/**
 * Lists every environment whose ttl is over with all that is in it, asks once, and deletes them. One that cannot be
 * deleted does not keep the others.
 * @param command what to type to go on without being asked
 * @throws UserError that tells of all that could not be deleted
 */
export async function destroyExpired(
  target: Destroying & Expiring,
  cluster: string,
  options: DestroyOptions,
  command: string,
): Promise<ExpiredDestruction> {
  const found = await target.expired(new Date());
  const expired = await Promise.all(
    found.map(async (environment) => ({
      ...environment,
      objects: (await target.planDestroy(environment.environment)).map(nameOf),
    })),
  );
  const result: ExpiredDestruction = { dryRun: !!options.dryRun, expired, destroyed: [] };
  if (expired.length === 0) console.log(`Nothing on the cluster ${cluster} has expired.`);
  for (const { environment, ttl, deployedAt, objects } of expired) {
    console.log(`${environment} was deployed at ${deployedAt}, its ttl is ${ttl}. Destroying it deletes:`);
    for (const object of objects) console.log(`  ${object}`);
  }
  if (expired.length === 0 || options.dryRun) return result;
  await confirmDestruction(cluster, options, command);
  const failures: string[] = [];
  for (const { environment } of expired) {
    try {
      const onProgress = (message: string) => console.log(`  ${message}`);
      const gone = await destroyIfExpired(target, environment, () => new Date(), { onProgress });
      console.log(
        gone ? `${environment} is gone.` : `${environment} was deployed again meanwhile: it stays.`,
      );
      if (gone) result.destroyed.push(environment);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failures.push(error.hint ? `${error.message} (${error.hint})` : error.message);
    }
  }
  if (failures.length > 0) throw new UserError(failures.join('\n'), `Then again: ${command}`);
  return result;
}
