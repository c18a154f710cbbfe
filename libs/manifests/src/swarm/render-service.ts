import { imageName, publicPorts, type Environment, type Service } from '@berth/model';
import { ADMIN_ENVIRONMENT } from '../admin-environment';
import type { ExtraFile } from '../extras';
import { publicAnnotations, PUBLIC_LABEL, serviceLabels } from '../labels';
import { SHUTDOWN_SECONDS } from '../pod';
import { nanoseconds, renderHealthCheck } from './health-check';
import { swarmNeedVariables } from './addresses';
import {
  apiReaderName,
  dockerName,
  ENVIRONMENT_LABEL,
  literalText,
  NOTICES_ANNOTATION,
  OWN_NETWORK,
  PORTS_LABEL,
  READINESS_LABEL,
  SHARED_NETWORK,
  STACK_LABEL,
  SWARM_API,
  SWARM_API_PORT,
  SWARM_API_VARIABLE,
  SWARM_ENVIRONMENT_VARIABLE,
} from './names';
import { noticesOf } from './notices';
import { renderCommand, renderResources } from './programs';
import type {
  EnvironmentVariable,
  Mount,
  NetworkAttachment,
  SwarmReadiness,
  SwarmService,
} from './service-spec';

/** Folder of the files that Docker makes of secrets. */
const SECRETS_FOLDER = '/run/secrets';
/** Seconds between the end of a task and the start of its successor. */
export const RESTART_SECONDS = 2;
/** Seconds after the start of a task in which its failure stops the update. */
export const MONITOR_SECONDS = 5;
/** Everybody may write, and only the owner delete: as /tmp. */
const TMPFS_MODE = 0o1777;

/** Labels of everything of an environment, by which Berth and docker's own commands find it. */
export function ofEnvironment(environment: Pick<Environment, 'name'>): Record<string, string> {
  return { [ENVIRONMENT_LABEL]: environment.name, [STACK_LABEL]: environment.name };
}

/** The one object of a service. */
export function renderSwarmService(
  environment: Environment,
  service: Service,
  services: readonly Service[],
  { registry, images, extras = [] }: ImageOptions & { extras?: readonly ExtraFile[] },
): SwarmService {
  const published = service.ports.filter(({ nodePort }) => nodePort !== undefined);
  const isGlobal = published.length > 0;
  const notices = noticesOf(service, extras);
  const command = renderCommand(service);
  // Two tasks of one service would write into the same folder, or want the same port of the node.
  const oneAtATime = isGlobal || service.volumes.length > 0;
  return {
    apiVersion: SWARM_API,
    kind: 'Service',
    metadata: {
      name: service.name,
      namespace: environment.name,
      labels: {
        ...serviceLabels(environment, service),
        ...ofEnvironment(environment),
        ...routing(environment, service),
        ...readiness(environment, service),
      },
      ...(notices.length > 0 && { annotations: { [NOTICES_ANNOTATION]: JSON.stringify(notices) } }),
    },
    spec: {
      Mode: isGlobal ? 'global' : 'replicated',
      ...(!isGlobal && { Replicas: service.scale.min }),
      Container: {
        Image: imageOf(service, { registry, ...(images && { images }) }),
        ...(command && { Command: command }),
        Env: renderVariables(environment, service, services),
        User: `${service.user}:${service.user}`,
        ReadOnly: true,
        Init: true,
        CapabilityDrop: ['ALL'],
        StopGracePeriod: nanoseconds(SHUTDOWN_SECONDS),
        ...(service.health && { Healthcheck: renderHealthCheck(service.health, service.ports) }),
        Mounts: renderMounts(environment, service),
        Secrets: service.secrets.map((name) => ({ name })),
      },
      Resources: renderResources(service),
      RestartPolicy: { Condition: 'any', Delay: nanoseconds(RESTART_SECONDS), MaxAttempts: 0 },
      Constraints: [],
      Networks: renderNetworks(environment, service),
      UpdateConfig: {
        Parallelism: 1,
        // No old task goes before a new one is ready.
        Order: oneAtATime ? 'stop-first' : 'start-first',
        // Berth brings the whole environment back from its records; Swarm would do so service by service, and unasked.
        FailureAction: 'pause',
        Monitor: nanoseconds(MONITOR_SECONDS),
        MaxFailureRatio: 0,
      },
      // Leads to the tasks themselves: Swarm's virtual addresses need IPVS in the kernel of every node.
      EndpointMode: 'dnsrr',
      Ports: published.map(({ name, port, nodePort = 0 }) => ({
        name,
        TargetPort: port,
        PublishedPort: nodePort,
      })),
    },
  };
}

export interface ImageOptions {
  registry: string;
  images?: ReadonlyMap<string, string>;
}

export function imageOf({ name, image }: Service, { registry, images }: ImageOptions): string {
  return images?.get(name) ?? image ?? imageName(registry, name);
}

/** What the gateway reads. */
function routing(environment: Environment, service: Service): Record<string, string> {
  if (publicPorts(service).length === 0) return {};
  const ports = service.ports.map(({ name, port, appProtocol }) => ({ name, port, appProtocol }));
  return {
    [PUBLIC_LABEL]: 'true',
    ...publicAnnotations(environment, service),
    [PORTS_LABEL]: JSON.stringify(ports),
  };
}

/** Where others may ask whether it is ready: of what nobody else reaches, nothing. */
function readiness(environment: Environment, service: Service): Record<string, string> {
  const probe = service.health?.readiness;
  if (probe?.kind !== 'path' || !isShared(environment, service)) return {};
  const { port } = service.ports.find(({ name }) => name === probe.port)!;
  const asked: SwarmReadiness = { port, path: probe.path };
  return { [READINESS_LABEL]: JSON.stringify(asked) };
}

/** What the service sets itself goes before what its needs give; a secret is a file, and its variable names the file. */
function renderVariables(
  environment: Environment,
  service: Service,
  services: readonly Service[],
): EnvironmentVariable[] {
  const files = Object.fromEntries(
    service.secrets.map((name) => [`${name}_FILE`, `${SECRETS_FOLDER}/${name}`]),
  );
  const secret = new Set(service.secrets);
  const api = service.apiReader && {
    [SWARM_API_VARIABLE]: `http://${apiReaderName(service.name)}:${SWARM_API_PORT}`,
    [SWARM_ENVIRONMENT_VARIABLE]: environment.name,
  };
  return Object.entries({ ...files, ...swarmNeedVariables(service, services), ...api, ...service.env })
    .filter(([name]) => !secret.has(name))
    .map(([name, value]) => ({ name, value: literalText(value) }));
}

function renderMounts(environment: Environment, service: Service): Mount[] {
  const volumes = service.volumes.map(({ name, path }): Mount => ({
    Type: 'volume',
    Source: volumeName(environment.name, service.name, name),
    Target: path,
    VolumeOptions: { Labels: ofEnvironment(environment) },
  }));
  const folders = service.writable.map((path): Mount => ({
    Type: 'tmpfs',
    Target: path,
    TmpfsOptions: { Mode: TMPFS_MODE },
  }));
  const ofNode = service.nodeFolders.map(({ folder, path }): Mount => ({
    Type: 'bind',
    Source: folder,
    Target: path,
    ReadOnly: true,
  }));
  return [...volumes, ...folders, ...ofNode];
}

/** Docker's name of a volume. */
export function volumeName(environment: string, service: string, volume: string): string {
  return dockerName(environment, `${service}_${volume}`);
}

/**
 * A network for the environment alone; and for public services, all of `admin`, and what reads the Swarm's API, the one
 * that they share. Another service is on no other network, and no other environment reaches it.
 */
function renderNetworks(environment: Environment, service: Service): NetworkAttachment[] {
  const own = { name: dockerName(environment.name, OWN_NETWORK), Aliases: [service.name] };
  return [
    own,
    ...(isShared(environment, service)
      ? [{ name: SHARED_NETWORK, Aliases: [`${service.name}.${environment.name}`] }]
      : []),
    ...(service.apiReader
      ? [{ name: dockerName(environment.name, apiReaderName(service.name)), Aliases: [service.name] }]
      : []),
  ];
}

/** Whether services of other environments reach it: by the network that they share, as `<service>.<environment>`. */
export function isShared(environment: Environment, service: Service): boolean {
  return (
    environment.name === ADMIN_ENVIRONMENT ||
    publicPorts(service).length > 0 ||
    service.apiReader !== undefined
  );
}
