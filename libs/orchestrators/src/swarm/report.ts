import { PROTECTED_ANNOTATION } from '@berth/manifests';
import type { DockerClient } from './docker/client';
import type { DockerNode } from './docker/objects';
import { environmentOfMark, listMarks } from './mark';
import { managerNode } from './swarm-state';

/** What a person wants to know of a Swarm. */
export interface SwarmReport {
  /** Of Docker, on the manager that was asked. */
  version: string;
  /** Sorted by name. */
  nodes: { name: string; ready: boolean; isManager: boolean; takesTasks: boolean; version: string }[];
  /** Those that Berth made, sorted by name. */
  environments: { name: string; isProtected: boolean }[];
}

/** @throws UserError when dockerd does not answer, or is no manager of a Swarm */
export async function readSwarm(client: DockerClient): Promise<SwarmReport> {
  await managerNode(client);
  const [{ Version }, nodes, marks] = await Promise.all([
    client.get<{ Version: string }>('/version'),
    client.get<DockerNode[]>('/nodes'),
    listMarks(client),
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
