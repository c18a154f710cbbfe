import type { Environment, Service } from '@berth/model';
import { environmentLabels, NAME_LABEL } from '../labels';
import type { ManifestObject } from '../object';
import { SHUTDOWN_SECONDS } from '../pod';
import { nanoseconds, renderHealthCheck } from './health-check';
import { apiReaderName, dockerName, SWARM_API, SWARM_API_PORT } from './names';
import { bytes, nanoCpus } from './quantities';
import {
  imageOf,
  MONITOR_SECONDS,
  ofEnvironment,
  RESTART_SECONDS,
  type ImageOptions,
} from './render-service';
import type { SwarmService } from './service-spec';

/** Where dockerd listens unless it is told otherwise. */
const SOCKET = '/var/run/docker.sock';
const RESOURCES = { cpu: '10m', memory: '128Mi' };
/** Only its owner may connect to dockerd's socket, and its group, whose number is another one on each machine. */
const SOCKET_OWNER = '0:0';

/**
 * What reads dockerd's API for a service: a program of the same image on each manager, with dockerd's socket and no way
 * out but to that service, by a network that the two share. Who may connect to the socket is root on that machine, so
 * the service itself, which speaks to the world, has it not.
 */
export function renderApiReader(
  environment: Environment,
  service: Service,
  options: ImageOptions & { docker: string | undefined },
): [network: ManifestObject, reader: SwarmService] {
  const name = apiReaderName(service.name);
  const labels = { ...environmentLabels(environment), ...ofEnvironment(environment) };
  const network = {
    apiVersion: SWARM_API,
    kind: 'Network',
    metadata: { name, namespace: environment.name, labels },
    spec: { Driver: 'overlay', Attachable: false, Internal: true },
  };
  const ports = [{ name: 'api', port: SWARM_API_PORT, appProtocol: 'http', public: false } as const];
  const listens = { kind: 'tcp', port: 'api' } as const;
  const memory = bytes(RESOURCES.memory);
  const reader: SwarmService = {
    apiVersion: SWARM_API,
    kind: 'Service',
    metadata: { name, namespace: environment.name, labels: { [NAME_LABEL]: name, ...labels } },
    spec: {
      Mode: 'global',
      Container: {
        Image: imageOf(service, options),
        Command: service.apiReader!,
        Env: [],
        User: SOCKET_OWNER,
        ReadOnly: true,
        Init: true,
        CapabilityDrop: ['ALL'],
        StopGracePeriod: nanoseconds(SHUTDOWN_SECONDS),
        Healthcheck: renderHealthCheck(
          { startup: listens, readiness: listens, liveness: listens, startSeconds: 60 },
          ports,
        ),
        Mounts: [{ Type: 'bind', Source: socketOf(options.docker), Target: SOCKET, ReadOnly: true }],
        Secrets: [],
      },
      Resources: {
        Limits: { MemoryBytes: memory },
        Reservations: { NanoCPUs: nanoCpus(RESOURCES.cpu), MemoryBytes: memory },
      },
      RestartPolicy: { Condition: 'any', Delay: nanoseconds(RESTART_SECONDS), MaxAttempts: 0 },
      Constraints: ['node.role==manager'],
      Networks: [{ name: dockerName(environment.name, name), Aliases: [name] }],
      UpdateConfig: {
        Parallelism: 1,
        Order: 'stop-first',
        FailureAction: 'pause',
        Monitor: nanoseconds(MONITOR_SECONDS),
        MaxFailureRatio: 0,
      },
      EndpointMode: 'dnsrr',
      Ports: [],
    },
  };
  return [network, reader];
}

/** On a manager that is reached by its socket it is that one; of others nothing says it. */
function socketOf(docker = ''): string {
  return docker.startsWith('unix://') ? docker.slice('unix://'.length) : SOCKET;
}
