import {
  ENVIRONMENT_LABEL,
  SWARM_API,
  type ManifestObject,
  type Mount,
  type SwarmService,
  type SwarmServiceSpec,
} from '@berth/manifests';
import type { DockerConfig, DockerNetwork, DockerService } from './docker/objects';
import { kindLabel } from './names';

/** A service as it is, in the words in which one is asked for. @param networks names by id */
export function fromService(service: DockerService, networks: ReadonlyMap<string, string>): SwarmService {
  const { Spec: spec } = service;
  const { TaskTemplate: task, EndpointSpec: endpoint = {} } = spec;
  const container = task.ContainerSpec ?? {};
  const live: Record<keyof SwarmServiceSpec, unknown> = {
    Mode: spec.Mode.Global ? 'global' : 'replicated',
    Replicas: spec.Mode.Replicated?.Replicas,
    Container: {
      Image: container.Image,
      Command: container.Command,
      Args: container.Args,
      Env: (container.Env ?? []).map((variable) => {
        const end = variable.indexOf('=');
        return { name: variable.slice(0, end), value: variable.slice(end + 1) };
      }),
      User: container.User,
      ReadOnly: container.ReadOnly,
      Init: container.Init,
      CapabilityDrop: container.CapabilityDrop,
      StopGracePeriod: container.StopGracePeriod,
      Healthcheck: container.Healthcheck,
      Mounts: (container.Mounts ?? []) as Mount[],
      Secrets: (container.Secrets ?? []).map(({ File, SecretName }) => ({
        name: File?.Name ?? '',
        version: SecretName,
      })),
    },
    Resources: task.Resources,
    RestartPolicy: task.RestartPolicy,
    Constraints: task.Placement?.Constraints ?? [],
    Networks: (task.Networks ?? []).map(({ Target, Aliases = [] }) => ({
      name: networks.get(Target) ?? Target,
      Aliases,
    })),
    UpdateConfig: spec.UpdateConfig,
    EndpointMode: endpoint.Mode,
    Ports: (endpoint.Ports ?? []).map(({ Name, TargetPort, PublishedPort }) => ({
      name: Name ?? '',
      TargetPort,
      PublishedPort,
    })),
    ForceUpdate: task.ForceUpdate,
  };
  return {
    apiVersion: SWARM_API,
    kind: 'Service',
    metadata: { ...placed(spec.Name, spec.Labels), id: service.ID, version: service.Version.Index },
    spec: live as SwarmServiceSpec,
  };
}

export function fromNetwork(network: DockerNetwork): ManifestObject {
  return {
    apiVersion: SWARM_API,
    kind: 'Network',
    metadata: { ...placed(network.Name, network.Labels ?? {}), id: network.Id },
    spec: {
      Driver: network.Driver,
      Attachable: network.Attachable,
      ...(network.Internal && { Internal: true }),
    },
  };
}

/** The mark of an environment. */
export function fromEnvironment(config: DockerConfig): ManifestObject {
  const { [kindLabel]: _kind, ...labels } = config.Spec.Labels ?? {};
  return {
    apiVersion: SWARM_API,
    kind: 'Environment',
    metadata: { name: labels[ENVIRONMENT_LABEL] ?? '', labels, id: config.ID, version: config.Version.Index },
  };
}

/** Docker's name has the environment in front. */
function placed(name: string, labels: Record<string, string> = {}): ManifestObject['metadata'] {
  const end = name.indexOf('_');
  return { name: name.slice(end + 1), namespace: name.slice(0, end), labels };
}
