import { needVariables, type Probe, type Resources, type Service } from '@berth/model';
import { SHUTDOWN_SECONDS } from '../pod';
import { FOLDERS_CONTAINER, logGroupName, logicalId, PROBE_CONTAINER, secretParameter } from './names';
import { arn } from './resource';
import { BESIDE_MEMORY, cpuUnits, mebibytes } from './task-size';
import type { StackContext } from './stack-context';

/** Seconds between two questions, for an answer, and answers that must fail. */
const HEALTH_CHECK = { Interval: 10, Timeout: 5, Retries: 3 };

/** Containers beside those of the service that its task needs. */
export function containersBeside(service: Service): string[] {
  return [
    ...(needsProbe(service) ? [PROBE_CONTAINER] : []),
    ...(service.writable.length > 0 ? [FOLDERS_CONTAINER] : []),
  ];
}

/** ECS asks by programs in a container only; the load balancer asks over HTTP what is public. */
function needsProbe({ health, ports }: Service): boolean {
  const probe = health?.readiness;
  if (probe?.kind !== 'path' && probe?.kind !== 'tcp') return false;
  return !ports.some((port) => port.public && port.name === probe.port);
}

/** The containers of a service's task: its own, its sidecars, and what ECS cannot do by itself. */
export function renderContainers(
  context: StackContext,
  service: Service,
  image: string,
): Record<string, unknown>[] {
  const { services, settings } = context;
  const plain = { ...needVariables(service, services), ...service.env };
  const secret = new Set(service.secrets);
  const folders = service.writable.map((path, index) => mount(`writable-${index}`, path));
  const afterFolders = folders.length
    ? { DependsOn: [{ ContainerName: FOLDERS_CONTAINER, Condition: 'SUCCESS' }] }
    : {};
  const own = {
    ...container(context, service, service.name, image, service.resources),
    ...afterFolders,
    ...command(service.command),
    ...filled(
      'PortMappings',
      service.ports.map((port) => ({
        Name: port.name,
        ContainerPort: port.port,
        Protocol: 'tcp',
        ...appProtocol(port.appProtocol),
      })),
    ),
    ...filled(
      'Environment',
      environment(Object.fromEntries(Object.entries(plain).filter(([name]) => !secret.has(name)))),
    ),
    ...filled(
      'Secrets',
      service.secrets.map((name) => ({
        Name: name,
        ValueFrom: arn('ssm', `parameter${secretParameter(context.environment.name, name)}`),
      })),
    ),
    ...filled('MountPoints', [...service.volumes.map(({ name, path }) => mount(name, path)), ...folders]),
    ...(service.health?.readiness.kind === 'exec'
      ? healthCheck(['CMD', ...service.health.readiness.command], service.health.startSeconds)
      : {}),
  };
  const sidecars = service.sidecars.map((sidecar) => ({
    ...container(context, service, sidecar.name, image, sidecar.resources),
    ...afterFolders,
    ...command(sidecar.command),
    ...filled('Environment', environment(sidecar.env)),
    ...filled('MountPoints', folders),
  }));
  const beside = settings.busybox ?? '';
  return [
    own,
    ...sidecars,
    ...(needsProbe(service) ? [probeContainer(context, service, beside)] : []),
    ...(folders.length ? [foldersContainer(context, service, beside)] : []),
  ];
}

function container(
  { environment: { name: environmentName }, settings }: StackContext,
  service: Service,
  name: string,
  image: string,
  { cpu, memory }: Resources,
): Record<string, unknown> {
  return {
    Name: name,
    Image: image,
    Essential: true,
    User: `${service.user}:${service.user}`,
    ReadonlyRootFilesystem: true,
    Cpu: cpuUnits(cpu),
    Memory: mebibytes(memory),
    StopTimeout: SHUTDOWN_SECONDS,
    LinuxParameters: { Capabilities: { Drop: ['ALL'] } },
    LogConfiguration: {
      LogDriver: 'awslogs',
      Options: {
        // By its name, and not as Ref, the group is read by whoever has only the task definition.
        'awslogs-group': logGroupName(environmentName, service.name),
        'awslogs-region': settings.region,
        'awslogs-stream-prefix': 'task',
      },
    },
  };
}

/** Asks, from beside the service, what ECS itself cannot ask; the task is as well as its containers are. */
function probeContainer(context: StackContext, service: Service, image: string): Record<string, unknown> {
  const { readiness, startSeconds } = service.health!;
  return {
    ...container(context, service, PROBE_CONTAINER, image, { cpu: '1m', memory: `${BESIDE_MEMORY}Mi` }),
    EntryPoint: ['tail'],
    Command: ['-f', '/dev/null'],
    StopTimeout: 2,
    // The first process of a container is not ended by SIGTERM; one below an init process is.
    LinuxParameters: { Capabilities: { Drop: ['ALL'] }, InitProcessEnabled: true },
    ...healthCheck(['CMD', ...question(readiness, service)], startSeconds),
  };
}

function question(probe: Probe, { ports }: Service): string[] {
  const number = 'port' in probe ? ports.find(({ name }) => name === probe.port)!.port : 0;
  return probe.kind === 'path'
    ? ['wget', '-q', '-T', '4', '-O', '/dev/null', `http://127.0.0.1:${number}${probe.path}`]
    : ['nc', '-z', '-w', '4', '127.0.0.1', String(number)];
}

/** Folders that tasks share between containers belong to root; only root can give them away. */
function foldersContainer(context: StackContext, service: Service, image: string): Record<string, unknown> {
  const { LinuxParameters: _, ...rest } = container(context, service, FOLDERS_CONTAINER, image, {
    cpu: '1m',
    memory: `${BESIDE_MEMORY}Mi`,
  });
  const folders = service.writable.map((_path, index) => `/writable/${index}`);
  return {
    ...rest,
    Essential: false,
    User: '0:0',
    EntryPoint: ['chown'],
    Command: [`${service.user}:${service.user}`, ...folders],
    MountPoints: folders.map((path, index) => mount(`writable-${index}`, path)),
  };
}

/** In place of the image's own program and arguments; ECS calls the program entry point and the arguments command. */
function command(argv: readonly string[] | undefined): Record<string, unknown> {
  if (!argv) return {};
  const [program, ...rest] = argv;
  return { EntryPoint: [program], ...filled('Command', rest) };
}

function environment(variables: Readonly<Record<string, string>>): { Name: string; Value: string }[] {
  return Object.entries(variables).map(([Name, Value]) => ({ Name, Value }));
}

function healthCheck(argv: readonly string[], startSeconds: number): Record<string, unknown> {
  return { HealthCheck: { Command: argv, ...HEALTH_CHECK, StartPeriod: startSeconds } };
}

function mount(volume: string, path: string): Record<string, unknown> {
  return { SourceVolume: volume, ContainerPath: path, ReadOnly: false };
}

/** Websockets and what is no HTTP pass Service Connect's proxy as they are. */
function appProtocol(protocol: string): Record<string, unknown> {
  const names: Readonly<Record<string, string>> = { http: 'http', h2c: 'http2', grpc: 'grpc' };
  return names[protocol] ? { AppProtocol: names[protocol] } : {};
}

export function filled(field: string, items: readonly unknown[]): Record<string, unknown> {
  return items.length ? { [field]: items } : {};
}

/** Logical id of a service's log group. */
export function logGroupId(service: string): string {
  return logicalId(service, 'logs');
}
