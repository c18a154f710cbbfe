import { UserError } from '@berth/model';
import { bring, type Bringing, type Brought, type ObjectSet } from './bring';
import { nextStep } from './next-step';
import type { DeployRecord } from './record';
import { setDigest } from './set-digest';

/** A deploy that has failed: the cause first, then what became of the environment. */
export class FailedDeploy extends UserError {
  override readonly name = 'FailedDeploy';

  constructor(
    cause: UserError,
    outcome: string,
    /** The number of the record that is live again; absent when it did not go back. */
    readonly restored?: number,
  ) {
    super(`${cause.message}\n\n${outcome}`, cause.hint ?? nextStep, { cause });
  }
}

interface Failed extends Pick<Brought, 'failure' | 'touched'> {
  /** Whether the environment was not there before. */
  isNew: boolean;
}

/**
 * Brings the whole set back to the last good record, under the lease of the deploy that has failed. It is tried once:
 * when that fails too, the environment stays as it is.
 * @returns the error to throw, which begins with why the deploy failed
 */
export async function bringBack(
  run: Bringing,
  failed: ObjectSet,
  { failure, touched, isNew }: Failed,
): Promise<unknown> {
  const { outcome, restored } = touched
    ? await restoreLastGood(run, failed, failure as Error)
    : { outcome: isNew ? 'Only its namespace was made.' : 'Nothing was changed.' };
  if (failure instanceof UserError) return new FailedDeploy(failure, outcome, restored);
  // A bug of ours keeps its stack.
  run.onEvent?.({ kind: 'notice', message: outcome });
  return failure;
}

async function restoreLastGood(
  run: Bringing,
  failed: ObjectSet,
  failure: Error,
): Promise<{ outcome: string; restored?: number }> {
  const { target, environment } = run;
  const stays = (why: string) => ({ outcome: `${why} What was applied stays.` });
  try {
    const good = lastGood(await target.records(environment));
    if (!good) return stays(`${environment} has no good record yet to go back to.`);
    if (good.set === setDigest(failed.objects))
      return stays(
        `Record ${good.number}, the last good one, is this very set: there is nothing to go back to.`,
      );
    run.onEvent?.({ kind: 'bringing back', failure: failure.message, record: good.number });
    const again = await restore(run, good);
    if (again === undefined)
      return { outcome: `${environment} was brought back to ${described(good)}.`, restored: good.number };
    return stays(`${environment} could not be brought back to ${described(good)}: ${again.message}`);
  } catch (error) {
    return stays(`${environment} could not be brought back: ${(error as Error).message}`);
  }
}

/** The newest record of a deploy that succeeded. */
export function lastGood(records: readonly DeployRecord[]): DeployRecord | undefined {
  return records.find(({ outcome }) => outcome === 'succeeded');
}

/** `record 3 (commit 0123456789, by ana@laptop)` */
function described({ number, commit, author }: DeployRecord): string {
  return `record ${number} (${commit ? `commit ${commit.slice(0, 10)}, ` : ''}by ${author})`;
}

/** @returns what it failed for, recorded */
async function restore(run: Bringing, good: DeployRecord): Promise<Error | undefined> {
  const { target, environment, clock = Date.now } = run;
  const startedAt = new Date(clock()).toISOString();
  const objects = await target.recordedObjects(environment, good.number);
  if (!objects) throw new UserError(`record ${good.number} has gone meanwhile.`);
  const changes = await target.plan(environment, objects, await target.observe(environment, objects));
  run.onEvent?.({ kind: 'plan', changes, missingImages: [] });
  const { images, needs = {}, commit } = good;
  const set = { objects, images, needs, ...(commit ? { commit } : {}), restores: good.number };
  return (await bring({ ...run, startedAt }, set, changes)).failure as Error | undefined;
}
