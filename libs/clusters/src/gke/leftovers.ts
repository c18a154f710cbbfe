/** What stays on the bill when a cluster is gone: the volumes of its services, and load balancers that it could not give back. */
export interface Leftovers {
  disks: GkeDisk[];
  forwardingRules: GkeForwardingRule[];
  targetPools: GkeTargetPool[];
  addresses: GkeAddress[];
}

export interface GkeDisk {
  name: string;
  /** A URL; absent of a disk that is in several zones. */
  zone?: string;
  region?: string;
  sizeGb?: string;
  description?: string;
  labels?: Record<string, string>;
}

export interface GkeForwardingRule {
  name: string;
  region?: string;
  IPAddress?: string;
  target?: string;
  description?: string;
}

export interface GkeTargetPool {
  name: string;
  region?: string;
  selfLink?: string;
  instances?: string[];
}

export interface GkeAddress {
  name: string;
  region?: string;
  address?: string;
  description?: string;
}

/** Everything of these kinds in the project. */
export type Inventory = Leftovers;

/**
 * Those of the cluster. Disks carry its name and place as labels. Load balancers do not: their target pools name the
 * nodes, whose names begin with those of the instance groups.
 * @param nodePrefixes beginnings of the nodes' names, for example `gke-prod-default-pool-1a2b3c4d-`
 */
export function leftoversOf(
  cluster: { name: string; location: string },
  nodePrefixes: readonly RegExp[],
  { disks, forwardingRules, targetPools, addresses }: Inventory,
): Leftovers {
  const pools = targetPools.filter(({ instances = [] }) =>
    instances.some((url) => nodePrefixes.some((prefix) => prefix.test(lastOf(url)))),
  );
  const names = new Set(pools.map(({ name, region = '' }) => `${lastOf(region)}/${name}`));
  const rules = forwardingRules.filter(
    ({ target = '', region = '', description = '' }) =>
      description.includes('kubernetes.io/service-name') && names.has(`${lastOf(region)}/${lastOf(target)}`),
  );
  return {
    disks: disks.filter((disk) => isVolume(disk) && isOf(disk, cluster)),
    forwardingRules: rules,
    targetPools: pools,
    addresses: addresses.filter(
      ({ address, description = '' }) =>
        description.includes('kubernetes.io/service-name') &&
        rules.some(({ IPAddress }) => IPAddress === address),
    ),
  };
}

/** The volumes of services, and not the disks that nodes start from, which go with them. */
function isVolume({ name, description = '' }: GkeDisk): boolean {
  return /(^|-)pvc-/.test(name) || description.includes('kubernetes.io/created-for/pvc');
}

/** https://cloud.google.com/kubernetes-engine/docs/how-to/creating-managing-labels#automatically-applied-labels */
function isOf({ labels = {} }: GkeDisk, { name, location }: { name: string; location: string }): boolean {
  return labels['goog-k8s-cluster-name'] === name && labels['goog-k8s-cluster-location'] === location;
}

/** The last part of a URL, which is the name. */
export function lastOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

/** The beginnings of the nodes' names, by the instance groups; those that a cluster which is gone had by default. */
export function nodePrefixes(cluster: string, instanceGroupUrls: readonly string[] | undefined): RegExp[] {
  if (!instanceGroupUrls?.length) return [new RegExp(`^gke-${cluster}-default-pool-[0-9a-f]{8}-`)];
  return instanceGroupUrls.map((url) => new RegExp(`^${lastOf(url).replace(/grp$/, '')}`));
}

export function isEmpty(leftovers: Leftovers): boolean {
  return Object.values(leftovers).every((list: readonly unknown[]) => list.length === 0);
}

/** What they are, a line each. */
export function leftoverLines({ disks, forwardingRules, targetPools, addresses }: Leftovers): string[] {
  return [
    ...forwardingRules.map(({ name, IPAddress }) => `delete load balancer ${name} (${IPAddress})`),
    ...targetPools.map(({ name }) => `delete target pool ${name}`),
    ...addresses.map(({ name, address }) => `delete address ${name} (${address})`),
    ...disks.map(({ name, sizeGb }) => `delete disk ${name} (${sizeGb} GB) with all data`),
  ];
}

/** The arguments to gcloud that delete them, in the order of who uses whom. */
export function deletions(
  { disks, forwardingRules, targetPools, addresses }: Leftovers,
  project: string,
): string[][] {
  const at = ({ zone, region }: { zone?: string; region?: string }): string[] =>
    zone !== undefined
      ? ['--zone', lastOf(zone)]
      : region !== undefined
        ? ['--region', lastOf(region)]
        : ['--global'];
  const of = (kind: string, name: string, place: string[]) => [
    ...['compute', kind, 'delete', name],
    ...['--project', project, ...place],
  ];
  return [
    ...forwardingRules.map((rule) => of('forwarding-rules', rule.name, at(rule))),
    ...targetPools.map((pool) => of('target-pools', pool.name, at(pool))),
    ...addresses.map((address) => of('addresses', address.name, at(address))),
    ...disks.map((disk) => of('disks', disk.name, at(disk))),
  ];
}
