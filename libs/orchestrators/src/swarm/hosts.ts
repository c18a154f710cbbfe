import { dockerName, isSwarmService, PUBLIC_LABEL, type ManifestObject } from '@berth/manifests';
import { observedSwarmService, type ObservedService } from '@berth/routes';
import type { HostSource } from '../taken-hosts';
import type { DockerService } from './docker/objects';
import { fromService } from './from-docker';

/** The public services of a Swarm. @param services all that there are */
export function hostsAmong(services: readonly DockerService[]): HostSource {
  return {
    observed: observedService,
    all: async () =>
      services
        .filter(({ Spec }) => Spec.Labels?.[PUBLIC_LABEL] === 'true')
        .flatMap((service) => observedService(fromService(service, new Map())) ?? []),
  };
}

/** A service that is there, or is to be, as the gateway knows it. */
function observedService(object: ManifestObject): ObservedService | undefined {
  const { name, namespace = '', labels = {}, id = '' } = object.metadata;
  if (!isSwarmService(object) || labels[PUBLIC_LABEL] !== 'true') return undefined;
  return observedSwarmService({
    id: String(id),
    name: dockerName(namespace, name),
    createdAt: '',
    labels,
  });
}
