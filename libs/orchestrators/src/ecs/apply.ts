import { randomUUID } from 'node:crypto';
import type { ApplyOptions, Change } from '@berth/deploy';
import { stackName, templateText, type ManifestObject } from '@berth/manifests';
import { UserError } from '@berth/model';
import type { Aws } from './aws';
import { deleteChangeSet, makeChangeSet, type ChangeSet } from './change-set';
import { ECS_SERVICE } from './kinds';
import { observe, type StackObservation } from './observe';
import { isCurrent, stackObjects, tagsOf } from './plan';
import { withPriorities } from './priorities';

/** A change set that was set going: its events have this token. */
export interface Execution {
  token: string;
  startedAt: Date;
}

/**
 * Has CloudFormation bring the stack to the whole set, by a change set that does no more than the plan says. What is no
 * longer in the set goes in the same run, once all the rest is well.
 * @returns what was set going; undefined when the stack is as it should be already
 * @throws UserError when the change set would make something anew, or remove something, that the plan does not name
 */
export async function apply(
  aws: Aws,
  environment: string,
  waves: readonly (readonly Change[])[],
  { desired, onWriting, onApplied, signal }: ApplyOptions,
): Promise<Execution | undefined> {
  const observation = await observe(aws, environment);
  const objects = stackObjects(await withPriorities(aws, desired, observation), observation);
  const planned = waves.flat();
  let execution: Execution | undefined;
  if (!observation.exists || !isCurrent(objects, observation)) {
    const changeSet = await makeChangeSet(
      aws,
      environment,
      {
        type: observation.exists ? 'UPDATE' : 'CREATE',
        template: templateText(objects),
        tags: tagsOf(objects),
      },
      signal,
    ).catch(async (error: unknown) => {
      if (!observation.exists) await forgetReview(aws, environment);
      throw error;
    });
    if (changeSet) {
      if (observation.exists) await refuseUnplanned(aws, environment, changeSet, planned, objects);
      signal?.throwIfAborted();
      onWriting?.();
      execution = await execute(aws, environment, changeSet);
    }
  }
  await setCounts(aws, objects, observation, onWriting, signal);
  for (const change of planned) onApplied?.(change);
  return execution;
}

async function execute(aws: Aws, environment: string, { arn }: ChangeSet): Promise<Execution> {
  const cloudFormation = await aws.cloudFormation();
  // A try whose answer was lost is the same request to CloudFormation.
  const token = `berth-${randomUUID()}`;
  const startedAt = new Date();
  await cloudFormation.executeChangeSet({
    StackName: stackName(environment),
    ChangeSetName: arn,
    ClientRequestToken: token,
  });
  return { token, startedAt };
}

/** A change set of a new stack that came to nothing has made an empty one. */
async function forgetReview(aws: Aws, environment: string): Promise<void> {
  const cloudFormation = await aws.cloudFormation();
  await cloudFormation.deleteStack({ StackName: stackName(environment) }).catch(() => undefined);
}

async function refuseUnplanned(
  aws: Aws,
  environment: string,
  { arn, resources }: ChangeSet,
  planned: readonly Change[],
  objects: readonly ManifestObject[],
): Promise<void> {
  const actions = new Map(planned.map(({ object, action }) => [object.name, action]));
  const wanted = new Set(objects.map(({ metadata }) => metadata.name));
  const surprises = resources.flatMap(({ logicalId, action, replacement }) => {
    if (action === 'Remove' && wanted.has(logicalId)) return [`remove ${logicalId}`];
    const isAnew = action === 'Modify' && replacement === 'True';
    return isAnew && actions.get(logicalId) !== 'recreate' ? [`make ${logicalId} anew`] : [];
  });
  if (surprises.length === 0) return;
  await deleteChangeSet(aws, environment, arn);
  throw new UserError(
    `CloudFormation would do what the plan does not say: ${surprises.join(', ')}. Somebody has changed the stack meanwhile.`,
    `Run the same command again: it plans anew.`,
  );
}

/** Numbers of tasks that differ while the template does not say so: somebody set them, or gave them back. */
async function setCounts(
  aws: Aws,
  objects: readonly ManifestObject[],
  { live, template, services }: StackObservation,
  onWriting: (() => void) | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const countIn = (list: readonly ManifestObject[], name: string) => {
    const found = list.find(({ kind, metadata }) => kind === ECS_SERVICE && metadata.name === name);
    return (found?.['Properties'] as { DesiredCount?: number } | undefined)?.DesiredCount;
  };
  for (const [logicalId, { arn }] of services) {
    const wanted = countIn(objects, logicalId);
    const isInTemplate = countIn(template, logicalId) === wanted;
    if (wanted === undefined || !isInTemplate || countIn(live, logicalId) === wanted) continue;
    signal?.throwIfAborted();
    onWriting?.();
    await setCount(aws, arn, wanted);
  }
}

export async function setCount(aws: Aws, arn: string, count: number): Promise<void> {
  const ecs = await aws.ecs();
  await ecs.updateService({ cluster: aws.settings.cluster, service: arn, desiredCount: count });
}
