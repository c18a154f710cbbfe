import { referenceOf, type Observation } from '@berth/deploy';
import { dockerName, ENVIRONMENT_LABEL, type ManifestObject, type SwarmService } from '@berth/manifests';
import type { DockerClient } from './docker/client';
import { filters, type DockerConfig, type DockerNetwork, type DockerService } from './docker/objects';
import { fromEnvironment, fromNetwork, fromService } from './from-docker';
import { kinds, managedByLabel, ofEnvironmentQuery } from './names';
import { managerNode } from './swarm-state';

/** Swarm-wide networks. */
export function listNetworks(client: DockerClient): Promise<DockerNetwork[]> {
  return client.get('/networks', { query: { filters: filters({ scope: ['swarm'] }) } });
}

/** Services of an environment, by its label. */
export function listServices(client: DockerClient, environment: string): Promise<DockerService[]> {
  return client.get('/services', { query: ofEnvironmentQuery(environment) });
}

/** What there is of an environment: what bears its label, and what has a name that is asked for. */
export async function observe(
  client: DockerClient,
  environment: string,
  desired: readonly ManifestObject[],
): Promise<Observation> {
  await managerNode(client);
  const [marks, networks, services] = await Promise.all([
    client.get<DockerConfig[]>('/configs', { query: ofEnvironmentQuery(environment, kinds.environment) }),
    listNetworks(client),
    client.get<DockerService[]>('/services'),
  ]);
  const names = namesById(networks);
  const isNamed = (kind: string, name: string) =>
    desired.some((object) => object.kind === kind && dockerName(environment, object.metadata.name) === name);
  const isOurs = (labels: Record<string, string> | null | undefined) =>
    labels?.[ENVIRONMENT_LABEL] === environment;
  const live = [
    ...marks.map(fromEnvironment),
    ...networks.filter(({ Labels, Name }) => isOurs(Labels) || isNamed('Network', Name)).map(fromNetwork),
    ...services
      .filter(({ Spec: { Labels, Name } }) => isOurs(Labels) || isNamed('Service', Name))
      .map((service) => fromService(service, names)),
  ];
  const inventory = live.filter(({ metadata }) => metadata.labels?.[managedByLabel] === 'berth');
  return { exists: marks.length > 0, live, inventory: inventory.map(referenceOf) };
}

/** The live services of an environment, sorted by name. */
export async function readServices(
  client: DockerClient,
  environment: string,
): Promise<{ raw: DockerService; service: SwarmService }[]> {
  const [networks, services] = await Promise.all([listNetworks(client), listServices(client, environment)]);
  const names = namesById(networks);
  return services
    .map((raw) => ({ raw, service: fromService(raw, names) }))
    .sort((one, other) => (one.service.metadata.name < other.service.metadata.name ? -1 : 1));
}

function namesById(networks: readonly DockerNetwork[]): Map<string, string> {
  return new Map(networks.map(({ Id, Name }) => [Id, Name]));
}
