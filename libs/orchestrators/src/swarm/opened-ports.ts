import { filters, type DockerNode, type DockerService, type DockerTask } from './docker/objects';
import type { DockerClient } from './docker/client';

/** Ports that a service opens on the nodes that run it. */
export interface OpenedPorts {
  /** `port` of the nodes, and the one of the container that it stands for. */
  ports: { port: number; inside: number }[];
  /** Addresses of the nodes that are ready and run a task of it, by what managers say; sorted. */
  addresses: string[];
}

/**
 * Where a service is reached from outside of the Swarm; undefined when there is none of that name.
 * @param name Docker's, for example `admin_gateway`
 */
export async function readOpenedPorts(client: DockerClient, name: string): Promise<OpenedPorts | undefined> {
  // Docker takes the name as the beginning of one.
  const named = await client.get<DockerService[]>('/services', {
    query: { filters: filters({ name: [name] }) },
  });
  const service = named.find(({ Spec }) => Spec.Name === name);
  if (!service) return undefined;
  const [tasks, nodes] = await Promise.all([
    client.get<DockerTask[]>('/tasks', {
      query: { filters: filters({ service: [service.ID], 'desired-state': ['running'] }) },
    }),
    client.get<DockerNode[]>('/nodes'),
  ]);
  return openedPorts(service, tasks, nodes);
}

/** The same of what dockerd has answered. */
export function openedPorts(
  { Spec }: DockerService,
  tasks: readonly DockerTask[],
  nodes: readonly DockerNode[],
): OpenedPorts {
  const ports = (Spec.EndpointSpec?.Ports ?? []).flatMap(({ PublishedPort, TargetPort }) =>
    PublishedPort === undefined ? [] : [{ port: PublishedPort, inside: TargetPort }],
  );
  const running = new Set(
    tasks.filter(({ Status }) => Status.State === 'running').map(({ NodeID }) => NodeID),
  );
  const addresses = nodes
    .filter(({ ID, Status }) => running.has(ID) && Status.State === 'ready')
    .flatMap((node) => addressOf(node) ?? []);
  return { ports, addresses: [...new Set(addresses)].sort() };
}

/** A manager that managers see as itself has its address among theirs. */
function addressOf({ Status, ManagerStatus }: DockerNode): string | undefined {
  const { Addr = '' } = Status;
  if (!['', '0.0.0.0', '::', '127.0.0.1', '::1'].includes(Addr)) return Addr;
  // `192.0.2.1:2377`, `[2001:db8::1]:2377`
  return /^\[?(.+?)\]?:\d+$/.exec(ManagerStatus?.Addr ?? '')?.[1];
}
