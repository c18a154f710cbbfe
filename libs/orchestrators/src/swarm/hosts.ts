import {
  APP_PROTOCOLS,
  ENVIRONMENT_LABEL,
  isSwarmService,
  PORTS_LABEL,
  PUBLIC_LABEL,
  type ManifestObject,
} from '@berth/manifests';
import type { AppProtocol } from '@berth/model';
import type { ObservedService } from '@berth/routes';
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

/** A service as one of Kubernetes, which is what the gateway's rules are about: its labels say the same. */
function observedService(object: ManifestObject): ObservedService | undefined {
  const { name, labels = {}, id = '' } = object.metadata;
  if (!isSwarmService(object) || labels[PUBLIC_LABEL] !== 'true') return undefined;
  return {
    metadata: {
      name,
      namespace: labels[ENVIRONMENT_LABEL] ?? '',
      uid: String(id),
      creationTimestamp: '',
      annotations: labels,
    },
    spec: {
      selector: { name },
      ports: portsOf(labels[PORTS_LABEL]).map(({ name: port, port: number, appProtocol }) => {
        const protocol = APP_PROTOCOLS[appProtocol];
        return { name: port, port: number, ...(protocol && { appProtocol: protocol }) };
      }),
    },
  };
}

/** Of a service that somebody has labelled otherwise than Berth does, nothing is known. */
function portsOf(label = '[]'): { name: string; port: number; appProtocol: AppProtocol }[] {
  try {
    const ports: unknown = JSON.parse(label);
    return Array.isArray(ports) ? ports : [];
  } catch {
    return [];
  }
}
