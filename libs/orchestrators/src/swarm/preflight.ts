import { nameOf, type Change } from '@berth/deploy';
import { dockerName, isSwarmService, type ManifestObject, type SwarmService } from '@berth/manifests';
import { pinnedNode } from './complete';
import type { DockerClient } from './docker/client';
import type { DockerNode, DockerService } from './docker/objects';
import { takenHosts } from '../taken-hosts';
import { hostsAmong } from './hosts';
import { newestOf, readSecretVersions } from './secret-versions';
import { managerNode } from './swarm-state';

/** All that would keep the services from running or from being reached, a sentence each. */
export async function preflight(
  client: DockerClient,
  environment: string,
  desired: readonly ManifestObject[],
  changes: readonly Change[],
): Promise<string[]> {
  const services = desired.filter(isSwarmService);
  const [node, nodes, all, versions] = await Promise.all([
    managerNode(client),
    client.get<DockerNode[]>('/nodes'),
    client.get<DockerService[]>('/services'),
    readSecretVersions(client, environment),
  ]);
  const active = nodes.filter(
    ({ Status, Spec }) => Status.State === 'ready' && Spec.Availability === 'active',
  );
  return [
    ...missingSecrets(environment, services, new Set(newestOf(versions).keys())),
    ...(active.length === 0 ? ['No node of the Swarm takes tasks: docker node ls says why.'] : []),
    ...services.flatMap((service) => tooLarge(service, active)),
    ...takenPorts(environment, services, all),
    ...strayVolumes(changes, node, nodes),
    ...(await takenHosts(environment, changes, hostsAmong(all))),
  ];
}

function missingSecrets(
  environment: string,
  services: readonly SwarmService[],
  set: ReadonlySet<string>,
): string[] {
  const users = new Map<string, string[]>();
  for (const { metadata, spec } of services) {
    for (const { name } of spec.Container.Secrets)
      if (!set.has(name)) users.set(name, [...(users.get(name) ?? []), metadata.name]);
  }
  return [...users].map(
    ([name, names]) =>
      `The secret ${name} is missing; ${names.join(', ')} ${names.length === 1 ? 'needs' : 'need'} it. Set it: nx secret ${environment} --name=${name}`,
  );
}

/** What not even an empty node could hold. */
function tooLarge({ metadata, spec }: SwarmService, nodes: readonly DockerNode[]): string[] {
  const { NanoCPUs: cpus, MemoryBytes: memory } = spec.Resources.Reservations;
  const most = (field: 'NanoCPUs' | 'MemoryBytes') =>
    Math.max(0, ...nodes.map(({ Description }) => Description?.Resources?.[field] ?? Infinity));
  const problems = [
    ...(cpus > most('NanoCPUs')
      ? [`${cpus / 1e9} CPUs, and the largest node has ${most('NanoCPUs') / 1e9}`]
      : []),
    ...(memory > most('MemoryBytes')
      ? [`${memory} bytes of memory, and the largest node has ${most('MemoryBytes')}`]
      : []),
  ];
  return nodes.length === 0 ? [] : problems.map((what) => `service/${metadata.name} asks for ${what}.`);
}

/** A port of the nodes is one service's. */
function takenPorts(
  environment: string,
  services: readonly SwarmService[],
  all: readonly DockerService[],
): string[] {
  const own = new Set(services.map(({ metadata }) => dockerName(environment, metadata.name)));
  const owners = new Map<number, string>();
  for (const { Spec } of all) {
    if (own.has(Spec.Name)) continue;
    for (const { PublishedPort } of Spec.EndpointSpec?.Ports ?? [])
      if (PublishedPort !== undefined) owners.set(PublishedPort, Spec.Name);
  }
  return services.flatMap(({ metadata, spec }) =>
    spec.Ports.filter(({ PublishedPort }) => owners.has(PublishedPort)).map(
      ({ PublishedPort }) =>
        `service/${metadata.name} wants port ${PublishedPort} of the nodes, which ${owners.get(PublishedPort)} has.`,
    ),
  );
}

/** Its volumes stay where they are, and can be made and removed only by the dockerd of that node. */
function strayVolumes(changes: readonly Change[], node: string, nodes: readonly DockerNode[]): string[] {
  return changes.flatMap(({ action, object, live }) => {
    const pinned = live && isSwarmService(live) ? pinnedNode(live.spec.Constraints) : undefined;
    if (action === 'same' || pinned === undefined || pinned === node) return [];
    const host = nodes.find(({ ID }) => ID === pinned)?.Description?.Hostname ?? pinned;
    return [
      `${nameOf(object)} has its volumes on the node ${host}, and "docker" of cluster.json names another one. Name that one again.`,
    ];
  });
}
