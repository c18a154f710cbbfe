import type { Checking, ClusterFinding, ClusterProvider, ClusterStatus, Step } from '@berth/clusters';
import { UserError, type Cluster } from '@berth/model';
import { readSwarm, type SwarmReport } from '@berth/orchestrators';
import { dockerOf } from '../environment/orchestrators/swarm';

/** Milliseconds without an answer after which a Swarm counts as not to be asked. */
const idleMs = 10_000;

/** Whether a cluster.json names a Swarm and no Kubernetes: then it is looked at as what it is. */
export function isSwarmAlone({ withoutKubernetes, docker }: Cluster): boolean {
  return withoutKubernetes === true && docker !== undefined;
}

/** Asks the Swarm of a cluster. @throws UserError when it does not answer, or there is none */
export async function askSwarm(cluster: Cluster): Promise<SwarmReport> {
  const client = dockerOf(cluster, { idleMs, onRetry: () => undefined });
  try {
    return await readSwarm(client);
  } finally {
    client.close();
  }
}

/** A Swarm that is there already. It is looked at and used; nothing of it is made, stopped or deleted. */
export class SwarmCluster implements ClusterProvider, Checking {
  /** @param ask how a Swarm is asked */
  constructor(private readonly ask: typeof askSwarm = askSwarm) {}

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
    const lacking = (await this.check(cluster)).filter(({ state }) => state === 'missing');
    if (lacking.length === 0) return [];
    throw new UserError(
      [
        `Environments cannot run on the cluster ${cluster.name}:`,
        ...lacking.map(({ what }) => `  ${what}`),
      ].join('\n'),
      lacking.map(({ hint }) => hint ?? '').join('\n'),
    );
  }

  /** @throws UserError always */
  async planStop({ name }: Cluster): Promise<Step[]> {
    throw new UserError(`Berth did not make the Swarm ${name}, and does not stop it.`);
  }

  /** @throws UserError always, with the environments that are in it and what removes them */
  async planDestroy(cluster: Cluster): Promise<Step[]> {
    const { name, root } = cluster;
    const { there, names } = await this.#environments(cluster);
    throw new UserError(
      `Berth did not make the Swarm ${name}, and does not destroy it; ${there}.`,
      [
        ...names.map((environment) => `nx run berth:destroy --env=${environment} --cluster=${name}`),
        `To forget the cluster: delete ${root}`,
      ].join('\n'),
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

  howToLook({ docker }: Cluster): string {
    return `docker --host ${docker} node ls`;
  }

  async #environments(cluster: Cluster): Promise<{ there: string; names: string[] }> {
    try {
      const names = (await this.ask(cluster)).environments.map(({ name }) => name);
      const there =
        names.length > 0
          ? `environments of Berth in it: ${names.join(', ')}`
          : 'no environment of Berth is in it';
      return { there, names };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return {
        there: `which of Berth's environments are in it is not known: ${error.message.replace(/\.$/, '')}`,
        names: [],
      };
    }
  }
}

function checkNodes(nodes: SwarmReport['nodes'], { docker }: Cluster): ClusterFinding {
  const ready = nodes.filter((node) => node.ready && node.takesTasks);
  const what = `${ready.length} of ${nodes.length} nodes take tasks`;
  if (ready.length === nodes.length) return { state: 'well', what };
  return { state: ready.length > 0 ? 'note' : 'missing', what, hint: `docker --host ${docker} node ls` };
}
