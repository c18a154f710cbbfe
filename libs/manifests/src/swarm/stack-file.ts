import type { Environment } from '@berth/model';
import type { GeneratedFile, ManifestObject } from '../object';
import { toYaml } from '../yaml-text';
import { dockerName, SHARED_NETWORK } from './names';
import { isSwarmService, type Mount, type NetworkAttachment, type SwarmServiceSpec } from './service-spec';

/** Docker's own tools read the file by this version of compose; it is the newest that `docker stack deploy` knows. */
const VERSION = '3.9';

/**
 * The objects as a compose file, for `docker stack deploy -c stack.yaml <environment>`: with this name of the stack it
 * gives everything the names that Berth gives it.
 * @param header comment above it
 */
export function renderStackFile(
  { name }: Pick<Environment, 'name'>,
  objects: readonly ManifestObject[],
  header: string,
): GeneratedFile {
  const services = objects.filter(isSwarmService);
  const networks = objects.filter(({ kind }) => kind === 'Network');
  const volumes = services.flatMap(({ spec }) =>
    spec.Container.Mounts.filter(({ Type }) => Type === 'volume'),
  );
  const secrets = new Map(
    services.flatMap(({ spec }) => spec.Container.Secrets.map((secret) => [secret.name, secret])),
  );
  const shares = services.some(({ spec }) => spec.Networks.some((each) => each.name === SHARED_NETWORK));
  const stack = {
    version: VERSION,
    services: Object.fromEntries(
      services.map(({ metadata, spec }) => [
        metadata.name,
        composeService(name, spec, metadata.labels ?? {}),
      ]),
    ),
    networks: {
      ...Object.fromEntries(networks.map((network) => [network.metadata.name, composeOwnNetwork(network)])),
      ...(shares && { [SHARED_NETWORK]: { external: true, name: SHARED_NETWORK } }),
    },
    ...(volumes.length > 0 && {
      volumes: Object.fromEntries(
        volumes.map((volume) => [
          volume.Source,
          { name: volume.Source, labels: volume.VolumeOptions?.Labels ?? {} },
        ]),
      ),
    }),
    ...(secrets.size > 0 && {
      secrets: Object.fromEntries(
        [...secrets].map(([key, { version }]) => [
          key,
          { external: true, name: version ?? `${dockerName(name, key)}.\${${key}_VERSION:-1}` },
        ]),
      ),
    }),
  };
  return { path: 'stack.yaml', content: toYaml([stack], header) };
}

function composeService(environment: string, spec: SwarmServiceSpec, labels: Record<string, string>): object {
  const { Container: container, UpdateConfig: update, Resources: resources, RestartPolicy: restart } = spec;
  const [uid = ''] = container.User.split(':');
  return {
    image: plain(container.Image),
    ...(container.Command && { entrypoint: container.Command.map(plain) }),
    ...(container.Args && { command: container.Args.map(plain) }),
    ...(container.Env.length > 0 && {
      environment: Object.fromEntries(container.Env.map(({ name, value }) => [name, plain(value)])),
    }),
    user: container.User,
    read_only: true,
    init: true,
    cap_drop: container.CapabilityDrop,
    stop_grace_period: duration(container.StopGracePeriod),
    ...(container.Healthcheck && {
      healthcheck: {
        test: container.Healthcheck.Test.map(plain),
        interval: duration(container.Healthcheck.Interval),
        timeout: duration(container.Healthcheck.Timeout),
        retries: container.Healthcheck.Retries,
        start_period: duration(container.Healthcheck.StartPeriod),
      },
    }),
    ...(container.Mounts.length > 0 && { volumes: container.Mounts.map(composeMount) }),
    ...(container.Secrets.length > 0 && {
      secrets: container.Secrets.map(({ name }) => ({
        source: name,
        target: name,
        uid,
        gid: uid,
        mode: 0o400,
      })),
    }),
    networks: Object.fromEntries(spec.Networks.map((network) => composeNetwork(environment, network))),
    ...(spec.Ports.length > 0 && {
      ports: spec.Ports.map(({ TargetPort, PublishedPort }) => ({
        target: TargetPort,
        published: PublishedPort,
        protocol: 'tcp',
        mode: 'host',
      })),
    }),
    deploy: {
      mode: spec.Mode,
      ...(spec.Mode === 'replicated' && { replicas: spec.Replicas }),
      endpoint_mode: spec.EndpointMode,
      labels: Object.fromEntries(Object.entries(labels).map(([label, value]) => [label, plain(value)])),
      resources: {
        limits: { memory: String(resources.Limits.MemoryBytes) },
        reservations: {
          cpus: String(resources.Reservations.NanoCPUs / 1e9),
          memory: String(resources.Reservations.MemoryBytes),
        },
      },
      restart_policy: { condition: restart.Condition, delay: duration(restart.Delay) },
      update_config: {
        parallelism: update.Parallelism,
        order: update.Order,
        failure_action: update.FailureAction,
        monitor: duration(update.Monitor),
        max_failure_ratio: update.MaxFailureRatio,
      },
      ...(spec.Constraints.length > 0 && { placement: { constraints: spec.Constraints } }),
    },
  };
}

/** Compose knows no mode of a tmpfs before its newest versions; 1777 is what Docker gives one. */
function composeMount({ Type, Source, Target, ReadOnly }: Mount): object {
  return {
    type: Type,
    ...(Source === undefined ? {} : { source: Source }),
    target: Target,
    ...(ReadOnly && { read_only: true }),
  };
}

function composeOwnNetwork({ metadata, spec }: ManifestObject): object {
  const { Attachable, Internal } = spec as { Attachable?: boolean; Internal?: boolean };
  return {
    driver: 'overlay',
    ...(Attachable && { attachable: true }),
    ...(Internal && { internal: true }),
    labels: metadata.labels ?? {},
  };
}

function composeNetwork(environment: string, { name, Aliases }: NetworkAttachment): [string, object] {
  const own = dockerName(environment, '');
  return [name.startsWith(own) ? name.slice(own.length) : name, { aliases: Aliases }];
}

/** Compose replaces `$NAME` and `${NAME}`. */
function plain(text: string): string {
  return text.replaceAll('$', '$$$$');
}

/** Go's notation. */
function duration(nanoseconds: number): string {
  return `${nanoseconds / 1e9}s`;
}
