import { differences, plan as purePlan, type Change, type FieldDifference } from '@berth/deploy';
import { STACK_API_VERSION, STACK_KIND, templateText, type ManifestObject } from '@berth/manifests';
import type { Aws } from './aws';
import { isAwsError } from './aws-error';
import { ChangeSetRefused, deleteChangeSet, makeChangeSet, type ResourcePlan } from './change-set';
import { ecsKinds } from './kinds';
import type { StackObservation } from './observe';
import { withPriorities } from './priorities';
import { withScales } from './scales';
import { isInProgress, standstill } from './stack';
import { withTemplate } from './template-source';

/**
 * What would be done, by the templates, and by a change set where there is a stack: it says what is made anew, and what
 * changes only since something else does. It is deleted again.
 * @param valid templates of new stacks that CloudFormation was asked about and took; more are added
 */
export async function plan(
  aws: Aws,
  environment: string,
  asked: readonly ManifestObject[],
  observation: StackObservation,
  valid: Set<string>,
): Promise<Change[]> {
  const desired = await withPriorities(aws, asked, observation);
  const changes = templateChanges(desired, observation);
  const { stack } = observation;
  const stands = stack && standstill(aws, environment, stack);
  if (stands) return withRefusals(changes, [stands]);
  if (!stack || !observation.exists)
    return withRefusals(changes, await refusalsOfNew(aws, environment, desired, valid));
  // Until it has come to an end nothing can be tried; whoever deploys waits for that, and plans again.
  if (isInProgress(stack)) return changes;
  const objects = stackObjects(desired, observation);
  if (isCurrent(objects, observation)) return changes;
  try {
    const changeSet = await makeChangeSet(aws, environment, {
      type: 'UPDATE',
      template: templateText(objects),
      tags: tagsOf(objects),
    });
    if (!changeSet) return changes;
    await deleteChangeSet(aws, environment, changeSet.arn);
    return withResources(changes, changeSet.resources, observation);
  } catch (error) {
    return withRefusals(changes, [refusal(error)]);
  }
}

/** By the templates alone. Pure. */
export function templateChanges(
  desired: readonly ManifestObject[],
  { live, inventory, scales }: Pick<StackObservation, 'live' | 'inventory' | 'scales'>,
): Change[] {
  return purePlan(withScales(desired, scales), live, inventory, ecsKinds).map((change) => {
    if (!change.live || !change.desired) return change;
    // The template is all that there is: what it has no longer is a difference too.
    const fields = differences(change.live, change.desired);
    return { ...change, fields, action: fields.length > 0 ? 'change' : 'same' };
  });
}

/** Every resource that the stack is to have: what is desired, and what is never taken away. Pure. */
export function stackObjects(
  desired: readonly ManifestObject[],
  { template, scales }: Pick<StackObservation, 'template' | 'scales'>,
): ManifestObject[] {
  const names = new Set(desired.map(({ metadata }) => metadata.name));
  const kept = template.filter(
    ({ apiVersion, kind, metadata }) =>
      ecsKinds.kept.has(`${apiVersion.split('/')[0]}/${kind}`) && !names.has(metadata.name),
  );
  return [...withScales(desired, scales), ...kept];
}

/** Whether the stack has this very template and these tags. */
export function isCurrent(
  objects: readonly ManifestObject[],
  { template, live }: Pick<StackObservation, 'template' | 'live'>,
): boolean {
  const stack = live.find(({ kind }) => kind === STACK_KIND);
  const before = stack ? [stack, ...template] : template;
  const byName = new Map(before.map((object) => [object.metadata.name + object.kind, object]));
  return (
    before.length === objects.length &&
    objects.every((object) => {
      const live = byName.get(object.metadata.name + object.kind);
      return live !== undefined && differences(live, object).length === 0;
    })
  );
}

export function tagsOf(objects: readonly ManifestObject[]): Record<string, string> {
  const stack = objects.find(({ kind }) => kind === STACK_KIND);
  return (stack?.['Tags'] ?? {}) as Record<string, string>;
}

/** What the change set knows and templates do not say. Pure. */
export function withResources(
  changes: readonly Change[],
  resources: readonly ResourcePlan[],
  { live }: Pick<StackObservation, 'live'>,
): Change[] {
  const byId = new Map(resources.map((resource) => [resource.logicalId, resource]));
  return changes.map((change): Change => {
    const resource = change.object.kind === STACK_KIND ? undefined : byId.get(change.object.name);
    if (resource?.action !== 'Modify' || !['same', 'change'].includes(change.action)) return change;
    const desired = change.desired ?? live.find(({ metadata }) => metadata.name === change.object.name);
    const because = resource.causes.length > 0 ? `with ${resource.causes.join(', ')}` : '';
    if (resource.replacement === 'True')
      return {
        ...change,
        ...(desired ? { desired } : {}),
        action: 'recreate',
        reason: reason(change.fields, because),
      };
    if (change.action === 'change' || !because) return change;
    return { ...change, ...(desired ? { desired } : {}), action: 'change', reason: because };
  });
}

function reason(fields: readonly FieldDifference[], because: string): string {
  const [first] = fields;
  return first ? `${first.path} makes it anew` : `is made anew ${because}`.trim();
}

/** A stack that is not there yet is not tried by a change set, which would make it. */
async function refusalsOfNew(
  aws: Aws,
  environment: string,
  desired: readonly ManifestObject[],
  valid: Set<string>,
): Promise<string[]> {
  const template = templateText(desired);
  if (valid.has(template)) return [];
  const cloudFormation = await aws.cloudFormation();
  try {
    await withTemplate(aws, environment, template, (source) => cloudFormation.validateTemplate(source));
    valid.add(template);
    return [];
  } catch (error) {
    return [refusal(error)];
  }
}

function refusal(error: unknown): string {
  if (error instanceof ChangeSetRefused) return `CloudFormation refuses the template: ${error.message}`;
  if (isAwsError(error, 'ValidationError')) return `CloudFormation refuses the template: ${error.said}`;
  throw error;
}

/** On the stack itself: nothing of the plan is applied then. */
function withRefusals(changes: readonly Change[], refusals: readonly string[]): Change[] {
  if (refusals.length === 0) return [...changes];
  const index = changes.findIndex(({ object }) => object.kind === STACK_KIND);
  return changes.map((change, at) => (at === Math.max(0, index) ? { ...change, refusals } : change));
}

/** The reference of an environment's stack. */
export function stackReference(environment: string) {
  return { apiVersion: STACK_API_VERSION, kind: STACK_KIND, name: environment };
}
