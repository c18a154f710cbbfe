import { UserError, type Cluster } from '@berth/model';
import type { ClusterProvider, ClusterStatus, Step } from '../provider';
import type { BareMetal } from './bare-metal';
import type { HostsCluster } from './hosts/hosts-cluster';

/** Chooses by the hosts of a cluster: this machine alone, or hosts that are reached by ssh. */
export class ByHosts implements ClusterProvider {
  constructor(
    private readonly thisMachine: BareMetal,
    private readonly overSsh: HostsCluster,
  ) {}

  async observe(cluster: Cluster): Promise<ClusterStatus> {
    return this.#of(cluster).observe(cluster);
  }

  async planCreate(cluster: Cluster): Promise<Step[]> {
    return this.#of(cluster).planCreate(cluster);
  }

  async planStop(cluster: Cluster): Promise<Step[]> {
    return this.#of(cluster).planStop(cluster);
  }

  async planDestroy(cluster: Cluster): Promise<Step[]> {
    return this.#of(cluster).planDestroy(cluster);
  }

  async credentials(cluster: Cluster): Promise<void> {
    await this.#of(cluster).credentials(cluster);
  }

  async planRemoval(cluster: Cluster): Promise<Step[]> {
    return isThisMachine(cluster) ? [] : this.overSsh.planRemoval(cluster);
  }

  #of(cluster: Cluster): BareMetal | HostsCluster {
    return isThisMachine(cluster) ? this.thisMachine : this.overSsh;
  }
}

const LOCAL = ['localhost', '127.0.0.1'];

/** @throws UserError when it is one of several: the others could not reach it under that name */
function isThisMachine({ name, root, hosts }: Cluster): boolean {
  const here = hosts.filter((host) => LOCAL.includes(host.replace(/^.*@/, '')));
  if (here.length === 0) return false;
  if (hosts.length === 1) return true;
  throw new UserError(
    `${root}/cluster.json at hosts: cluster ${name} has ${here.join(', ')} beside other hosts, which cannot reach this machine by that name`,
    'name this machine by its address in their network: it is then reached by ssh as they are',
  );
}
