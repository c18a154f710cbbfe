import { UserError, type Cluster } from '@berth/model';

/** Whether a cluster.json names an account of AWS and no Kubernetes or Swarm. */
export function isAccountAlone({ withoutKubernetes, docker, ecs }: Cluster): boolean {
  return withoutKubernetes === true && docker === undefined && ecs !== undefined;
}

/** @throws UserError when there is an account and no cluster: Berth makes, changes and deletes nothing of it */
export function refuseAccountAlone(cluster: Cluster): void {
  if (!isAccountAlone(cluster)) return;
  const { root, name, ecs } = cluster;
  throw new UserError(
    `${root}/cluster.json names the account ${ecs?.account} for environments on ECS, and no Kubernetes or Swarm: there is no cluster that could be made, stopped or destroyed.`,
    `nx status cluster-${name} shows its environments here; nx deploy <environment> --dry-run says whether the account will do.`,
  );
}
