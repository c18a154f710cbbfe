import { UserError, type Cluster } from '@berth/model';

/** @throws UserError when the autoscaler would take that number of nodes back */
export function refuseBeyondLimits(
  nodes: number,
  limits: { min: number; max: number } | undefined,
  { name, root }: Cluster,
): void {
  if (!limits || (nodes >= limits.min && nodes <= limits.max)) return;
  throw new UserError(
    `${nodes} is outside of what the autoscaler may do: from ${limits.min} (minNodes in ${root}/cluster.json) to ${limits.max} (maxNodes).`,
    `Change them there, then: nx create cluster-${name}`,
  );
}
