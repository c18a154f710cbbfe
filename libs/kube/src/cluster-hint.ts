/* What to type about a cluster of this workspace. */

/** Its Nx project; `cluster-<name>` where nobody said which cluster it is. */
export function clusterProject(cluster = '<name>'): string {
  return `cluster-${cluster}`;
}

export function newCredentials(cluster?: string): string {
  return `Get new credentials: nx credentials ${clusterProject(cluster)}`;
}
