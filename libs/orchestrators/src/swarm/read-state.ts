import type { DockerClient } from './docker/client';
import { filters, type DockerNode, type DockerTask } from './docker/objects';
import type { SwarmState } from './health';
import { listServices } from './observe';

/** All that the services of an environment are judged by. */
export async function readState(client: DockerClient, environment: string): Promise<SwarmState> {
  const services = await listServices(client, environment);
  const ids = services.map(({ ID }) => ID);
  const [tasks, nodes] = await Promise.all([
    ids.length === 0
      ? []
      : client.get<DockerTask[]>('/tasks', { query: { filters: filters({ service: ids }) } }),
    client.get<DockerNode[]>('/nodes'),
  ]);
  return { services, tasks, nodes };
}
