import { destroyIfExpired, nameOf, type ExpiredEnvironment } from '@berth/deploy';
import { ORCHESTRATOR_TITLES, UserError, type OrchestratorName } from '@berth/model';
import { confirmDestruction } from '../confirm';
import type { DestroyOptions } from '../destroy/list-and-destroy';
import type { Place } from './places';

/** An environment whose time is over, where it is, and all that goes with it. */
type Listed = ExpiredEnvironment & { orchestrator: OrchestratorName; objects: string[] };

/** What was listed and done, for the `--json` file. */
export interface ExpiredDestruction {
  dryRun: boolean;
  expired: Listed[];
  destroyed: string[];
}

/** Remembers what could not be done, so that it does not keep the rest. @throws what is no person's error */
type Failed = (error: Error) => void;

/**
 * Lists every environment whose ttl is over with all that is in it, asks once, and deletes them. One that cannot be
 * asked for or deleted does not keep the others.
 * @param cluster its name
 * @param command what to type to go on without being asked
 * @throws UserError that tells of all that could not be deleted
 */
export async function destroyExpired(
  places: readonly Place[],
  cluster: string,
  options: DestroyOptions,
  command: string,
): Promise<ExpiredDestruction> {
  const failures: string[] = [];
  const failed: Failed = (error) => {
    if (!(error instanceof UserError)) throw error;
    failures.push(error.hint ? `${error.message} (${error.hint})` : error.message);
  };
  const found = (await Promise.all(places.map((place) => expiredOn(place, failed)))).flat();
  const expired = found.map(({ place: _place, ...listed }) => listed);
  const result: ExpiredDestruction = { dryRun: !!options.dryRun, expired, destroyed: [] };
  if (found.length === 0 && failures.length === 0)
    console.log(`Nothing on the cluster ${cluster} has expired.`);
  for (const { environment, orchestrator, ttl, deployedAt, objects } of expired) {
    const where = places.length > 1 ? ` on ${ORCHESTRATOR_TITLES[orchestrator]}` : '';
    console.log(
      `${environment}${where} was deployed at ${deployedAt}, its ttl is ${ttl}. Destroying it deletes:`,
    );
    for (const object of objects) console.log(`  ${object}`);
  }
  if (found.length > 0 && !options.dryRun) {
    await confirmDestruction(cluster, options, command);
    for (const { environment, place } of found)
      if (await destroyed(place, environment, failed)) result.destroyed.push(environment);
  }
  if (failures.length > 0) throw new UserError(failures.join('\n'), `Then again: ${command}`);
  return result;
}

/** What has expired in one place, with what is in it. */
async function expiredOn(place: Place, failed: Failed): Promise<(Listed & { place: Place })[]> {
  const { orchestrator, target } = place;
  try {
    const found = await target.expired(new Date(), (_environment, error) => failed(error));
    const listed = found.map(async (each) => {
      try {
        const objects = (await target.planDestroy(each.environment)).map(nameOf);
        return [{ ...each, orchestrator, objects, place }];
      } catch (error) {
        failed(error as Error);
        return [];
      }
    });
    return (await Promise.all(listed)).flat();
  } catch (error) {
    failed(error as Error);
    return [];
  }
}

/** @returns whether it is gone */
async function destroyed({ target }: Place, environment: string, failed: Failed): Promise<boolean> {
  try {
    const onProgress = (message: string) => console.log(`  ${message}`);
    const gone = await destroyIfExpired(target, environment, () => new Date(), { onProgress });
    console.log(gone ? `${environment} is gone.` : `${environment} was deployed again meanwhile: it stays.`);
    return gone;
  } catch (error) {
    failed(error as Error);
    return false;
  }
}
