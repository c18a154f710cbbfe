import type { SwarmService } from '@berth/manifests';
import { dockerName, NOTICES_ANNOTATION } from '@berth/manifests';
import type { DockerServiceSpec } from './docker/objects';
import { scaledLabel } from './names';

/** Ids that Docker wants in the place of names. */
export interface Ids {
  networks: ReadonlyMap<string, string>;
  secrets: ReadonlyMap<string, string>;
}

/** Docker's spec of a service. What stands in no list of ours is left to Docker's defaults. */
export function toDocker({ metadata, spec }: SwarmService, ids: Ids): DockerServiceSpec {
  const { Container: container } = spec;
  const [uid = '', gid = uid] = container.User.split(':');
  const idOf = (kind: keyof Ids, name: string): string => {
    const id = ids[kind].get(name);
    if (id === undefined) throw new Error(`the ${kind} of the Swarm have no ${name}`);
    return id;
  };
  return {
    Name: dockerName(metadata.namespace ?? '', metadata.name),
    Labels: metadata.labels ?? {},
    TaskTemplate: {
      ContainerSpec: {
        Image: container.Image,
        ...(container.Command && { Command: container.Command }),
        ...(container.Args && { Args: container.Args }),
        Env: container.Env.map(({ name, value }) => `${name}=${value}`),
        User: container.User,
        ReadOnly: container.ReadOnly,
        Init: container.Init,
        CapabilityDrop: container.CapabilityDrop,
        StopGracePeriod: container.StopGracePeriod,
        ...(container.Healthcheck && { Healthcheck: container.Healthcheck }),
        Mounts: container.Mounts,
        Secrets: container.Secrets.map(({ name, version = '' }) => ({
          File: { Name: name, UID: uid, GID: gid, Mode: 0o400 },
          SecretID: idOf('secrets', version),
          SecretName: version,
        })),
      },
      Resources: spec.Resources,
      RestartPolicy: spec.RestartPolicy,
      Placement: { Constraints: spec.Constraints },
      Networks: spec.Networks.map(({ name, Aliases }) => ({ Target: idOf('networks', name), Aliases })),
      ForceUpdate: spec.ForceUpdate ?? 0,
    },
    Mode: spec.Mode === 'global' ? { Global: {} } : { Replicated: { Replicas: spec.Replicas ?? 1 } },
    UpdateConfig: spec.UpdateConfig,
    EndpointSpec: {
      Mode: spec.EndpointMode,
      Ports: spec.Ports.map(({ name, TargetPort, PublishedPort }) => ({
        Name: name,
        Protocol: 'tcp',
        TargetPort,
        PublishedPort,
        PublishMode: 'host',
      })),
    },
  };
}

/** What stays as it is when a service is deployed again: the number of `nx scale` and the restarts. */
export function keepAdjusted(desired: SwarmService, live: SwarmService | undefined): SwarmService {
  if (!live) return desired;
  const scaled = live.metadata.labels?.[scaledLabel];
  const keepsNumber = scaled !== undefined && desired.spec.Mode === 'replicated';
  return {
    ...desired,
    metadata: {
      ...desired.metadata,
      labels: { ...desired.metadata.labels, ...(keepsNumber && { [scaledLabel]: scaled }) },
    },
    spec: {
      ...desired.spec,
      ...(keepsNumber && { Replicas: live.spec.Replicas }),
      ...(live.spec.ForceUpdate && { ForceUpdate: live.spec.ForceUpdate }),
    },
  };
}

export function noticesIn({ metadata }: { metadata: SwarmService['metadata'] }): string[] {
  const text = metadata.annotations?.[NOTICES_ANNOTATION];
  return text === undefined ? [] : (JSON.parse(text) as string[]);
}
