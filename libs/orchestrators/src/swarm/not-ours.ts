import { ENVIRONMENT_LABEL, STACK_LABEL } from '@berth/manifests';
import { UserError } from '@berth/model';
import { pinnedNode } from './complete';
import type { DockerClient } from './docker/client';
import { filters, type DockerNetwork, type DockerNode, type DockerService } from './docker/objects';
import { managedByLabel } from './names';

/**
 * Refuses what bears the environment's label and was not made by Berth. Volumes may have been made by `docker stack
 * deploy`, which gives them no other label.
 * @throws UserError that names it
 */
export function refuseForeign(
  client: DockerClient,
  environment: string,
  found: readonly Pick<DockerNetwork, 'Name' | 'Labels'>[],
): void {
  const foreign = found.filter(({ Labels }) => Labels?.[managedByLabel] !== 'berth');
  if (foreign.length === 0) return;
  const names = [...new Set(foreign.map(({ Name }) => Name))].sort().join(', ');
  throw new UserError(
    `${environment} has what Berth did not make: ${names}. Nothing was removed.`,
    `Remove that, or its label ${ENVIRONMENT_LABEL}, then run the same command again: ${client.docker} stack ps ${environment}`,
  );
}

/**
 * A stack that somebody else has deployed under that name is no environment.
 * @throws UserError when there is one
 */
export async function refuseForeignStack(client: DockerClient, environment: string): Promise<void> {
  const query = { filters: filters({ label: [`${STACK_LABEL}=${environment}`] }) };
  const services = await client.get<DockerService[]>('/services', { query });
  if (services.length === 0) return;
  throw new UserError(
    `The stack ${environment} was not made by Berth: its services have no label ${ENVIRONMENT_LABEL}=${environment}.`,
    `Remove it yourself, when it may go: ${client.docker} stack rm ${environment}`,
  );
}

/**
 * Volumes are their node's: another dockerd neither lists nor removes them. With a node that has left they are gone.
 * @throws UserError that names services and nodes
 */
export async function refuseFarVolumes(
  client: DockerClient,
  environment: string,
  services: readonly DockerService[],
  node: string,
): Promise<void> {
  const far = services.flatMap(({ Spec }) => {
    const { ContainerSpec: container, Placement: placement } = Spec.TaskTemplate;
    const pinned = pinnedNode(placement?.Constraints ?? []);
    const hasVolumes = (container?.Mounts ?? []).some(({ Type }) => Type === 'volume');
    return hasVolumes && pinned !== undefined && pinned !== node ? [{ name: Spec.Name, pinned }] : [];
  });
  if (far.length === 0) return;
  const nodes = await client.get<DockerNode[]>('/nodes');
  const there = far.flatMap(({ name, pinned }) => {
    const host = nodes.find(({ ID }) => ID === pinned);
    return host ? [`${name} on ${host.Description?.Hostname ?? pinned}`] : [];
  });
  if (there.length === 0) return;
  throw new UserError(
    `${environment} has volumes on other nodes than ${client.address}: ${there.join(', ')}. Nothing was removed.`,
    'Name the dockerd of that node at "docker" of cluster.json, and run the same command again.',
  );
}
