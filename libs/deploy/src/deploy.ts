import { UserError } from '@berth/model';
import type { ManifestObject } from '@berth/manifests';
import { bring, summary, type Bringing } from './bring';
import { bringBack } from './bring-back';
import { refusalsOf, type Change } from './change';
import { absentImages } from './images';
import { nextStep, withNextStep } from './next-step';
import type { DeployTarget, Orchestrator } from './orchestrator';
import { takeLease } from './take-lease';
import { isEmpty } from './plan';
import type { Images } from './record';
import { setDigest } from './set-digest';
import { stepsOf, type Watched } from './steps';
import { untilHealthy } from './until-healthy';
import type { Needs } from './waves';

/** Where a deploy's images come from. */
export interface ImageSource {
  /** By service the reference with its digest; undefined when the registry does not have it. Services of someone else's image are not in it. */
  resolve(): Promise<Readonly<Record<string, string | undefined>>>;
  /** Builds, tests and pushes these services' images. Returns their references with digests. */
  build(services: readonly string[]): Promise<Images>;
  /** Those of these references that their registries surely lack. One that cannot be asked is no proof, nor is an image that `build` makes. */
  absent?(references: readonly string[]): Promise<string[]>;
}

export interface DeployRequest extends Watched {
  /** The namespace's name too. */
  environment: string;
  /** Every object of the environment; images by service, without those that are not built yet. Pure. */
  render(images: Images): ManifestObject[];
  images: ImageSource;
  needs: Needs;
  /** For example `ana@laptop`; the lease and the record name it. */
  author: string;
  commit?: string;
  /** The number of the record that all this is taken from. */
  restores?: number;
  /** Stops after the plan. */
  dryRun?: boolean;
  /** A missing image is an error. */
  noBuild?: boolean;
  takeOver?: boolean;
  /** Waits for a deploy that is at it, and does not fail. */
  wait?: boolean;
  /** A deploy that fails stays as it is, and does not go back to the last good record. */
  noRollback?: boolean;
  /** Milliseconds that the environment may take to become healthy; 300000 when absent. */
  timeoutMs?: number;
}

export interface DeployOutcome {
  /** The plan that was applied, or would be. */
  changes: Change[];
  missingImages: string[];
  images: Images;
  /** Number of the record; absent after a dry run, or when there was nothing to do or to record. */
  record?: number;
}

const defaultTimeoutMs = 300_000;
/** Milliseconds that an earlier environment of the same name gets to come to its end. */
const longestEndMs = 120_000;

/**
 * Brings one environment to what `request.render` says:
 * observe → images → preflight → plan → build → lease → apply → healthy → prune → record.
 * Interrupted anywhere, the same call converges; it also records what an interrupted one did not live to record. What
 * fails goes back to the last good record.
 * @throws UserError for everything that the person can set right.
 */
export async function deploy(target: DeployTarget, request: DeployRequest): Promise<DeployOutcome> {
  const { environment } = request;
  const clock = request.clock ?? Date.now;
  const tell = request.onEvent ?? (() => undefined);
  const startedAt = new Date(clock()).toISOString();
  const step = stepsOf(request);

  const resolved = await step('images', () => request.images.resolve());
  const missingImages = Object.keys(resolved).filter((service) => !resolved[service]);
  let images = known(resolved);
  let desired = request.render(images);
  let observation = await step('observe', () => target.observe(environment, desired));
  let changes = await step('plan', () => target.plan(environment, desired, observation));
  tell({ kind: 'plan', changes, missingImages });
  await step('preflight', () =>
    refuseProblems(target, request, desired, changes, {
      missing: missingImages,
      known: Object.values(images),
    }),
  );
  if (request.dryRun) return { changes, missingImages, images };

  if (missingImages.length > 0) {
    images = { ...images, ...(await step('build', () => request.images.build(missingImages))) };
    desired = request.render(images);
    observation = await target.observe(environment, desired);
    changes = await target.plan(environment, desired, observation);
    tell({ kind: 'plan', changes, missingImages: [] });
    refuse(environment, refusalsOf(changes));
  }

  const timeoutMs = request.timeoutMs ?? defaultTimeoutMs;

  if (isEmpty(changes) && (await isRecorded(target, environment, desired))) {
    await untilHealthy(target, { ...request, timeoutMs }, desired);
    return { changes, missingImages: [], images };
  }
  // Without a change it is only recorded: an earlier deploy did it all and did not live to say so, or gave up on what has
  // become healthy since. Or one is at it right now, and the lease says so.
  const lease = await step('lease', async () => {
    await target.prepare(environment, desired, {
      timeoutMs: Math.min(timeoutMs, longestEndMs),
      onNotice: (message) => tell({ kind: 'notice', message }),
      signal: request.signal,
    });
    return takeLease(target, request, tell);
  });
  const run: Bringing = { ...request, target, lease, startedAt, timeoutMs };
  try {
    // Somebody may have deployed between our look and our lease; and in a new namespace only now can the set be tried.
    const now = await target.plan(environment, desired, await target.observe(environment, desired));
    if (summary(now).join() !== summary(changes).join() && observation.exists)
      tell({ kind: 'plan', changes: now, missingImages: [] });
    changes = now;
    refuse(environment, refusalsOf(changes), observation.exists ? undefined : 'only its namespace was made');
    if (isEmpty(changes) && (await isRecorded(target, environment, desired))) {
      await untilHealthy(target, run, desired, lease.lost);
      return { changes, missingImages: [], images };
    }
    const { needs, commit, restores } = request;
    const set = {
      objects: desired,
      images,
      needs,
      ...(commit ? { commit } : {}),
      ...(restores === undefined ? {} : { restores }),
    };
    const { record, failure, touched } = await bring(run, set, changes);
    if (failure === undefined) return { changes, missingImages: [], images, record };
    if (request.noRollback || request.signal?.aborted) throw withNextStep(failure);
    throw await bringBack(run, set, { failure, touched, isNew: !observation.exists });
  } finally {
    await lease.release();
  }
}

/** What a deploy of these objects would change. Changes nothing. @throws UserError with all that the orchestrator refuses. */
export async function diff(
  target: Orchestrator,
  environment: string,
  desired: readonly ManifestObject[],
): Promise<Change[]> {
  const changes = await target.plan(environment, desired, await target.observe(environment, desired));
  refuse(environment, refusalsOf(changes));
  return changes;
}

/** Whether the last deploy was of this set, and said that it succeeded. */
async function isRecorded(
  target: DeployTarget,
  environment: string,
  desired: readonly ManifestObject[],
): Promise<boolean> {
  const [last] = await target.records(environment);
  return last?.outcome === 'succeeded' && last.set === setDigest(desired);
}

async function refuseProblems(
  target: DeployTarget,
  request: DeployRequest,
  desired: readonly ManifestObject[],
  changes: readonly Change[],
  images: { missing: readonly string[]; known: readonly string[] },
): Promise<void> {
  const [found, absent] = await Promise.all([
    target.problems(request.environment, desired, changes),
    absentImages(request.images, changes, images.known, target.kinds),
  ]);
  const problems = [...refusalsOf(changes), ...found, ...absent];
  if (request.noBuild && images.missing.length > 0) {
    problems.push(
      `The registry does not have the images of ${images.missing.join(', ')}. Push them: nx run-many -t docker-push -p ${images.missing.join(',')}`,
    );
  }
  refuse(request.environment, problems);
}

/** @throws UserError with every problem, if there is any. */
function refuse(environment: string, problems: readonly string[], done = 'nothing was changed'): void {
  if (problems.length === 0) return;
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  throw new UserError(
    `${environment} cannot be deployed: ${count}, ${done}.\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    nextStep,
  );
}

function known(images: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(images).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
