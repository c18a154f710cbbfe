import type { Observation } from '@berth/deploy';
import {
  MANAGED_BY_LABEL,
  objectsOf,
  PART_OF_LABEL,
  STACK_API_VERSION,
  STACK_KIND,
  type ManifestObject,
  type Template,
} from '@berth/manifests';
import { referenceOf } from '@berth/deploy';
import type { Aws } from './aws';
import { ECS_SERVICE } from './kinds';
import { readScales, type Scales } from './scales';
import { readServices, type LiveService } from './services';
import { isHollow, readStack, readTemplate, type StackState } from './stack';

/** What there is of an environment on ECS. */
export interface StackObservation extends Observation {
  /** Absent when there is none. */
  stack?: StackState;
  /** The resources as the stack's template has them. */
  template: ManifestObject[];
  /** By logical id. */
  services: ReadonlyMap<string, LiveService>;
  scales: Scales;
}

/**
 * The stack and its template, with the numbers of tasks as they are now: those change without a deploy.
 * @throws UserError when the stack is not ours
 */
export async function observe(aws: Aws, environment: string): Promise<StackObservation> {
  const [stack, scales] = await Promise.all([readStack(aws, environment), readScales(aws, environment)]);
  const nothing = { template: [], live: [], inventory: [], services: new Map<string, LiveService>() };
  if (!stack || isHollow(stack))
    return {
      exists: stack !== undefined && !isHollow(stack),
      ...nothing,
      scales,
      ...(stack ? { stack } : {}),
    };
  const [template, services] = await Promise.all([
    readTemplate(aws, environment),
    readServices(aws, environment),
  ]);
  const labels = { [PART_OF_LABEL]: environment, [MANAGED_BY_LABEL]: 'berth' };
  const resources = objectsOf(template).map((object) => ({
    ...object,
    metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...labels } },
  }));
  const live = resources.map((object) => withCount(object, services.get(object.metadata.name)));
  return {
    exists: true,
    stack,
    template: resources,
    live: [stackObject(environment, stack, template, labels), ...live],
    inventory: resources.map(referenceOf),
    services,
    scales,
  };
}

function stackObject(
  environment: string,
  { tags }: StackState,
  { Description }: Template,
  labels: Record<string, string>,
): ManifestObject {
  return {
    apiVersion: STACK_API_VERSION,
    kind: STACK_KIND,
    metadata: { name: environment, labels },
    ...(Description ? { Description } : {}),
    Tags: tags,
  };
}

/** The number of tasks that ECS is to run now, where a deploy sets it at all. */
function withCount(object: ManifestObject, live: LiveService | undefined): ManifestObject {
  const properties = object['Properties'] as { DesiredCount?: number } | undefined;
  if (object.kind !== ECS_SERVICE || properties?.DesiredCount === undefined || !live) return object;
  return { ...object, Properties: { ...properties, DesiredCount: live.desired } };
}
