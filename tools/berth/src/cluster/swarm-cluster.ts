import {
  destroyRefusal,
  refuseLacking,
  type Checking,
  type ClusterFinding,
  type ClusterProvider,
  type ClusterStatus,
  type Step,
} from '@berth/clusters';
import { UserError, type Cluster } from '@berth/model';
import { readSwarm, type ServicePlace, type SwarmReport } from '@berth/orchestrators';
import { dockerOf, dockerOn } from '../environment/orchestrators/swarm';

/** Milliseconds without an answer after which a Swarm counts as not to be asked. */
const idleMs = 10_000;

/** Whether a cluster.json names a Swarm and no Kubernetes: then it is looked at as what it is. */
export function isSwarmAlone({ withoutKubernetes, docker }: Cluster): boolean {
  return withoutKubernetes === true && docker !== undefined;
}

/**
 * Asks the Swarm of a cluster.
 * @param place of a service whose ports are asked for
 * @throws UserError when it does not answer, or there is none
 */
export async function askSwarm(cluster: Cluster, place?: ServicePlace): Promise<SwarmReport> {
  const client = dockerOf(cluster, { idleMs, onRetry: () => undefined });
  try {
    return await readSwarm(client, place);
  } finally {
    client.close();
  }
}

/** A Swarm that is there already. It is looked at and used; nothing of it is made, stopped or deleted. */
export class SwarmCluster implements ClusterProvider, Checking {
  /** @param ask how a Swarm is asked */
  constructor(private readonly ask: (cluster: Cluster) => Promise<SwarmReport> = askSwarm) {}

  async observe(cluster: Cluster): Promise<ClusterStatus> {
    const { nodes } = await this.ask(cluster);
    const ready = nodes.length > 0 && nodes.every((node) => node.ready);
    return {
      exists: true,
      ready,
      nodes: nodes.map(({ name, ready, version }) => ({ name, ready, version })),
    };
  }

  async check(cluster: Cluster): Promise<ClusterFinding[]> {
    const { version, nodes } = await this.ask(cluster);
    return [{ state: 'well', what: `a Swarm, Docker ${version}` }, checkNodes(nodes, cluster)];
  }

  /** Nothing is ever made. @throws UserError with what is missing */
  async planCreate(cluster: Cluster): Promise<Step[]> {
    refuseLacking(cluster, await this.check(cluster));
    return [];
  }

  /** @throws UserError always */
  async planStop({ name }: Cluster): Promise<Step[]> {
    throw new UserError(`Berth did not make the Swarm ${name}, and does not stop it.`);
  }

  /** @throws UserError always, with the environments that are in it and what removes them */
  async planDestroy(cluster: Cluster): Promise<Step[]> {
    throw await destroyRefusal('the Swarm', cluster, async () =>
      (await this.ask(cluster)).environments.map(({ name }) => name),
    );
  }

  /** Nothing is written. */
  async credentials(): Promise<void> {}

  whereCredentialsAre({ name, docker = '' }: Cluster): string {
    const by = docker.startsWith('ssh://')
      ? 'by your ssh'
      : docker.startsWith('tcp://')
        ? 'with the certificates in the folder of DOCKER_CERT_PATH'
        : 'by its socket';
    return `The Swarm ${name} is reached at ${docker}, ${by}: there are no other credentials.`;
  }

  howToLook(cluster: Cluster): string {
    return nodeList(cluster);
  }
}

function checkNodes(nodes: SwarmReport['nodes'], cluster: Cluster): ClusterFinding {
  const ready = nodes.filter((node) => node.ready && node.takesTasks);
  const what = `${ready.length} of ${nodes.length} nodes take tasks`;
  if (ready.length === nodes.length) return { state: 'well', what };
  return { state: ready.length > 0 ? 'note' : 'missing', what, hint: nodeList(cluster) };
}

function nodeList(cluster: Cluster): string {
  return [...dockerOn(cluster), 'node', 'ls'].join(' ');
}
