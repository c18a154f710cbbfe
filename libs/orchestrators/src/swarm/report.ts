import { dockerName, PROTECTED_ANNOTATION } from '@berth/manifests';
import type { DockerClient } from './docker/client';
import type { DockerNode } from './docker/objects';
import { environmentOfMark, listMarks } from './mark';
import { readOpenedPorts, type OpenedPorts } from './opened-ports';
import { managerNode } from './swarm-state';

/** What a person wants to know of a Swarm. */
export interface SwarmReport {
  /** Of Docker, on the manager that was asked. */
  version: string;
  /** Sorted by name. */
  nodes: { name: string; ready: boolean; isManager: boolean; takesTasks: boolean; version: string }[];
  /** Those that Berth made, sorted by name. */
  environments: { name: string; isProtected: boolean }[];
  /** Where the service that was asked for is reached; absent when there is none. */
  opened?: OpenedPorts;
}

/** A service, by the names of the workspace. */
export interface ServicePlace {
  environment: string;
  service: string;
}

/**
 * @param place of a service whose ports are asked for
 * @throws UserError when dockerd does not answer, or is no manager of a Swarm
 */
export async function readSwarm(client: DockerClient, place?: ServicePlace): Promise<SwarmReport> {
  await managerNode(client);
  const [{ Version }, nodes, marks, opened] = await Promise.all([
    client.get<{ Version: string }>('/version'),
    client.get<DockerNode[]>('/nodes'),
    listMarks(client),
    place && readOpenedPorts(client, dockerName(place.environment, place.service)),
  ]);
  return {
    version: Version,
    nodes: nodes.map(nodeOf).sort(byName),
    environments: marks
      .map((mark) => ({
        name: environmentOfMark(mark),
        isProtected: mark.Spec.Labels?.[PROTECTED_ANNOTATION] === 'true',
      }))
      .sort(byName),
    ...(opened && { opened }),
  };
}

function nodeOf({ ID, Spec, Status, Description }: DockerNode): SwarmReport['nodes'][number] {
  return {
    name: Description?.Hostname ?? ID,
    ready: Status.State === 'ready',
    isManager: Spec.Role === 'manager',
    takesTasks: Spec.Availability === 'active',
    version: Description?.Engine?.EngineVersion ?? '',
  };
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? -1 : 1;
}
