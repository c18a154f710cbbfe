import { listenersToAsk, withFreePriorities, type ManifestObject } from '@berth/manifests';
import { UserError } from '@berth/model';
import type { Aws } from './aws';
import { isAwsError, named } from './aws-error';
import type { StackObservation } from './observe';

/**
 * The objects with priorities for new rules that are free on their listeners. A listener that is shared is asked only when
 * it gets a new rule.
 * @throws UserError when there is no such listener
 */
export async function withPriorities(
  aws: Aws,
  objects: readonly ManifestObject[],
  { template }: Pick<StackObservation, 'template'>,
): Promise<ManifestObject[]> {
  const arns = listenersToAsk(objects, template);
  const taken = await Promise.all(arns.map((arn) => prioritiesAt(aws, arn)));
  return withFreePriorities(objects, {
    live: template,
    taken: new Map(arns.map((arn, index) => [arn, taken[index] ?? new Set()])),
  });
}

/** The priorities of all rules of a listener, whoever made them. The default rule has none. */
async function prioritiesAt(aws: Aws, ListenerArn: string): Promise<Set<number>> {
  const balancing = await aws.elasticLoadBalancing();
  const found = new Set<number>();
  let Marker: string | undefined;
  try {
    do {
      const page = await balancing.describeRules({ ListenerArn, ...(Marker ? { Marker } : {}) });
      for (const { Priority, IsDefault } of page.Rules ?? []) if (!IsDefault) found.add(Number(Priority));
      Marker = page.NextMarker;
    } while (Marker);
  } catch (error) {
    if (!isAwsError(error, 'ListenerNotFoundException', 'ListenerNotFound')) throw error;
    throw new UserError(
      `There is no listener ${ListenerArn}: cluster.json names it at ecs.loadBalancer.listener.`,
      `aws elbv2 describe-listeners --load-balancer-arn <of the load balancer> ${named(aws.settings)} shows those that there are.`,
    );
  }
  return found;
}
