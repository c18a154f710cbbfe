import type { Environment, Service } from '@berth/model';
import { environmentLabels, PROTECTED_ANNOTATION, TTL_ANNOTATION } from '../labels';
import type { ManifestObject } from '../object';
import type { RenderOptions } from '../render-objects';
import { renderApiReader } from './api-reader';
import { OWN_NETWORK, SWARM_API } from './names';
import { refuseUnsupported } from './refusals';
import { ofEnvironment, renderSwarmService } from './render-service';

/**
 * Every object of an environment on a Docker Swarm: its mark, its networks, what reads dockerd's API for services, and one
 * for each service, in the order given.
 * @throws ModelError with all that is asked for and a Swarm has not
 */
export function renderSwarmObjects(
  environment: Environment,
  services: readonly Service[],
  options: RenderOptions,
): ManifestObject[] {
  refuseUnsupported(environment, services, options.patches);
  const docker = options.cluster?.docker;
  const readers = services
    .filter(({ apiReader }) => apiReader)
    .map((service) => renderApiReader(environment, service, { ...options, docker }));
  return [
    renderEnvironment(environment),
    renderOwnNetwork(environment),
    ...readers.map(([network]) => network),
    ...readers.map(([, reader]) => reader),
    ...services.map((service) => renderSwarmService(environment, service, services, options)),
  ];
}

/** Says that the environment is there, and what holds for it. Swarm has no namespaces: it is kept as a config. */
function renderEnvironment(environment: Environment): ManifestObject {
  return {
    apiVersion: SWARM_API,
    kind: 'Environment',
    metadata: {
      name: environment.name,
      labels: {
        ...environmentLabels(environment),
        ...ofEnvironment(environment),
        ...(environment.ttl !== null && { [TTL_ANNOTATION]: environment.ttl }),
        ...(environment.protected && { [PROTECTED_ANNOTATION]: 'true' }),
      },
    },
  };
}

function renderOwnNetwork(environment: Environment): ManifestObject {
  return {
    apiVersion: SWARM_API,
    kind: 'Network',
    metadata: {
      name: OWN_NETWORK,
      namespace: environment.name,
      labels: { ...environmentLabels(environment), ...ofEnvironment(environment) },
    },
    // Attachable, so that a person can look around in it: docker run --network.
    spec: { Driver: 'overlay', Attachable: true },
  };
}
