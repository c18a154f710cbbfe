import { UserError } from '@berth/model';
import { lastGood } from './bring-back';
import { deploy, type DeployOutcome, type DeployRequest, type ImageSource } from './deploy';
import type { DeployTarget } from './orchestrator';
import type { DeployRecord, Images } from './record';

export interface RollbackRequest extends Omit<
  DeployRequest,
  'render' | 'images' | 'needs' | 'commit' | 'restores' | 'noBuild'
> {
  /** The number of the record; the good one before the present when absent. */
  to?: number;
  /** Refuses images that the registry no longer has. Builds nothing. */
  images(recorded: Images): ImageSource;
}

export interface RollbackOutcome extends DeployOutcome {
  /** The record that was brought back. */
  restored: DeployRecord;
}

/**
 * Deploys the whole set of an earlier record, through the same flow as any other.
 * @throws UserError when there is no such good record, and whatever `deploy` throws
 */
export async function rollback(target: DeployTarget, request: RollbackRequest): Promise<RollbackOutcome> {
  const { to, images, ...rest } = request;
  const { environment } = request;
  const restored = recordToRestore(environment, await target.records(environment), to);
  const objects = await target.recordedObjects(environment, restored.number);
  if (!objects) throw noRecord(environment, restored.number, []);
  const outcome = await deploy(target, {
    ...rest,
    render: () => objects,
    images: images(restored.images),
    needs: restored.needs ?? {},
    ...(restored.commit ? { commit: restored.commit } : {}),
    restores: restored.number,
  });
  return { ...outcome, restored };
}

/**
 * The good record that `nx rollback` goes to. Without a number: the last good one, when the newest failed; else the one
 * before the set that is live. Each further rollback goes one further back.
 * @param records newest first
 * @throws UserError when there is none
 */
export function recordToRestore(
  environment: string,
  records: readonly DeployRecord[],
  to?: number,
): DeployRecord {
  const good = records.filter(({ outcome }) => outcome === 'succeeded');
  if (to !== undefined) {
    const record = records.find(({ number }) => number === to);
    if (!record) throw noRecord(environment, to, good);
    if (record.outcome === 'succeeded') return record;
    throw new UserError(
      `Record ${to} of ${environment} is of a deploy that ${record.outcome === 'unreadable' ? 'cannot be read' : record.outcome === 'failed' ? 'failed' : 'was interrupted'}: only good ones are brought back.`,
      seeHistory(environment, good),
    );
  }
  const present = lastGood(records);
  if (!present) {
    throw new UserError(
      `${environment} has no good record to go back to${records.length === 0 ? ': nothing was deployed yet' : ''}.`,
      `nx deploy ${environment}`,
    );
  }
  if (records[0] !== present) return present;
  const since = present.restores ?? present.number;
  const earlier = good.find(({ number, set }) => number < since && set !== present.set);
  if (earlier) return earlier;
  throw new UserError(
    `${environment} has no good record before ${since}, the one that is live.`,
    seeHistory(environment, good),
  );
}

function noRecord(environment: string, number: number, good: readonly DeployRecord[]): UserError {
  return new UserError(`${environment} has no record ${number}.`, seeHistory(environment, good));
}

function seeHistory(environment: string, good: readonly DeployRecord[]): string {
  const numbers = good.map(({ number }) => number).join(', ');
  return `nx run ${environment}:history${numbers ? `; good ones are ${numbers}` : ''}`;
}
