import { UserError } from '@berth/model';
import type { ManifestObject } from '@berth/manifests';
import { nameOf, type Change } from './change';
import { nextStep } from './next-step';
import type { DeployTarget, Lease } from './orchestrator';
import type { Images, NewRecord } from './record';
import { setDigest } from './set-digest';
import { stepsOf, type Watched } from './steps';
import { untilHealthy } from './until-healthy';
import { waves, type Needs } from './waves';

/** Everything that an environment is to be, and what is remembered of it. */
export interface ObjectSet {
  objects: readonly ManifestObject[];
  images: Images;
  needs: Needs;
  commit?: string;
  /** The number of the record that it is taken from. */
  restores?: number;
}

/** A run that holds the environment's lease. */
export interface Bringing extends Watched {
  target: DeployTarget;
  environment: string;
  author: string;
  lease: Lease;
  /** RFC 3339. */
  startedAt: string;
  takeOver?: boolean;
  /** Milliseconds. */
  timeoutMs: number;
}

export interface Brought {
  /** Number of the record. */
  record: number;
  /** What it failed for; absent when it succeeded. */
  failure?: unknown;
  /** Whether anything was written before that. */
  touched: boolean;
}

/**
 * apply → healthy → prune → record. A failure is recorded, and returned.
 * @throws what failed when it cannot be recorded, or when the lease was lost: then the record is another's to write
 */
export async function bring(run: Bringing, set: ObjectSet, changes: readonly Change[]): Promise<Brought> {
  const { target, environment, lease } = run;
  const step = stepsOf(run);
  const clock = run.clock ?? Date.now;
  const signal = run.signal ? AbortSignal.any([run.signal, lease.lost]) : lease.lost;
  let touched = false;
  let failure: unknown;
  try {
    await step('apply', () =>
      target.apply(environment, waves(toApply(changes), set.needs, target.kinds), {
        desired: set.objects,
        ...(run.takeOver ? { takeOver: true } : {}),
        onWriting: () => (touched = true),
        onApplied: (change) => run.onEvent?.({ kind: 'applied', change }),
        onNotice: (message) => run.onEvent?.({ kind: 'notice', message }),
        signal,
      }),
    );
    await untilHealthy(target, run, set.objects, lease.lost);
    const prunes = changes.filter(({ action }) => action === 'prune');
    await step('prune', () => target.prune(environment, changes, set.objects, signal));
    for (const change of prunes) run.onEvent?.({ kind: 'pruned', change });
  } catch (error) {
    failure = error;
  }
  if (lease.lost.aborted) throw lost(environment);
  const { objects, images, needs, commit, restores } = set;
  const record: NewRecord = {
    author: run.author,
    startedAt: run.startedAt,
    finishedAt: new Date(clock()).toISOString(),
    ...(commit ? { commit } : {}),
    images,
    needs,
    ...(restores === undefined ? {} : { restores }),
    outcome: failure === undefined ? 'succeeded' : run.signal?.aborted ? 'interrupted' : 'failed',
    ...(failure === undefined ? {} : { failure: (failure as Error).message }),
    changes: summary(changes),
    set: setDigest(objects),
    objects,
  };
  const number = await step('record', () => target.writeRecord(environment, record, lease.lost)).catch(
    (error: unknown) => {
      if (lease.lost.aborted) throw lost(environment);
      throw unrecorded(environment, failure, error as Error);
    },
  );
  return { record: number, touched, ...(failure === undefined ? {} : { failure }) };
}

/** The failure of the deploy is what the person must read first. */
function unrecorded(environment: string, failure: unknown, error: Error): unknown {
  if (!(error instanceof UserError)) return failure ?? error;
  const { hint = nextStep } = error;
  if (failure === undefined)
    return new UserError(
      `${environment} is deployed, and this could not be recorded: ${error.message}`,
      `${hint}\nThen run the same command again: it records what it finds done.`,
      { cause: error },
    );
  if (!(failure instanceof UserError)) return failure;
  return new UserError(
    `${failure.message}\n\nThis could not be recorded: ${error.message}\nWhat was applied stays.`,
    failure.hint ?? hint,
    { cause: failure },
  );
}

/** What a plan does, a word and a name each: `change deployment/pricing`. */
export function summary(changes: readonly Change[]): string[] {
  return changes
    .filter(({ action }) => action !== 'same')
    .map(({ action, object }) => `${action} ${nameOf(object)}`);
}

function toApply(changes: readonly Change[]): Change[] {
  return changes.filter(({ action }) => action !== 'same' && action !== 'prune');
}

function lost(environment: string): UserError {
  return new UserError(
    `The lease on ${environment} was lost while deploying: the API server did not answer for too long, or somebody else took it.`,
    `Run the deploy again: it goes on where this one stopped. nx status ${environment} shows who deploys.`,
  );
}
