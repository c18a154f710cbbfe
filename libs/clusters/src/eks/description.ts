import type { Cluster as LiveCluster, Nodegroup } from '@aws-sdk/client-eks';
import { UserError, type Cluster } from '@berth/model';
import { BERTH, MANAGED_BY } from '../cloud/labels';
import { ifThere } from './aws';
import type { EksContext } from './eks';

/** Berth's node group: one, which the autoscaler scales. */
export const NODE_GROUP = 'berth';

export async function findCluster({ aws, settings, cluster }: EksContext): Promise<LiveCluster | undefined> {
  return (await ifThere(settings, () => aws.eks.describeCluster({ name: cluster.name })))?.cluster;
}

export async function findNodes(
  { aws, settings, cluster }: EksContext,
  nodegroupName = NODE_GROUP,
): Promise<Nodegroup | undefined> {
  const group = { clusterName: cluster.name, nodegroupName };
  return (await ifThere(settings, () => aws.eks.describeNodegroup(group)))?.nodegroup;
}

export function isOurs({ tags = {} }: LiveCluster): boolean {
  return tags[MANAGED_BY] === BERTH;
}

/** @throws UserError when somebody else made the cluster of that name */
export function refuseForeign(found: LiveCluster, { name, root, eks }: Cluster): void {
  if (isOurs(found)) return;
  throw new UserError(
    `The name is taken: in region ${eks?.region} is a cluster ${name} that Berth did not make (it lacks the tag managed-by=berth).`,
    `Take another name, or use that one as it is: write "provider": "existing" into ${root}/cluster.json`,
  );
}

/** Why a cluster or a node group is not well, in AWS' words. */
export function complaints({ health }: LiveCluster | Nodegroup): string {
  const issues = (health?.issues ?? []) as { code?: string; message?: string }[];
  return issues.map(({ code, message }) => [code, message].filter(Boolean).join(': ')).join('; ');
}
