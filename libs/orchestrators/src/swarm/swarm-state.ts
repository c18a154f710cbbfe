import { UserError } from '@berth/model';
import type { DockerClient } from './docker/client';
import type { DockerInfo } from './docker/objects';

/**
 * Makes sure that the dockerd is a manager of a Swarm.
 * @returns the id of its node
 * @throws UserError that says what it is instead
 */
export async function managerNode(client: DockerClient): Promise<string> {
  const { Swarm: swarm } = await client.get<DockerInfo>('/info');
  if (swarm.LocalNodeState === 'active' && swarm.ControlAvailable) return swarm.NodeID;
  if (swarm.LocalNodeState === 'active')
    throw new UserError(
      `dockerd at ${client.address} is a worker of a Swarm: only a manager can be asked.`,
      'Name a manager in "docker" of the environment’s cluster.json: docker node ls, on one, says which there are.',
    );
  const why = swarm.Error ? ` (${swarm.Error})` : '';
  throw new UserError(
    `dockerd at ${client.address} is in no Swarm: its state is ${swarm.LocalNodeState}${why}.`,
    `Make it one: ${client.docker} swarm init`,
  );
}
