import type { LiveObject } from '@berth/kube';
import {
  DOMAIN_ANNOTATION,
  PROTECTED_ANNOTATION,
  PROXY_ANNOTATION,
  PUBLIC_PORTS_ANNOTATION,
  TTL_ANNOTATION,
} from '@berth/manifests';
import { deploysAnnotation, lastDeployAnnotation } from '@berth/orchestrators';

const annotations = [
  DOMAIN_ANNOTATION,
  PROTECTED_ANNOTATION,
  PROXY_ANNOTATION,
  PUBLIC_PORTS_ANNOTATION,
  TTL_ANNOTATION,
  lastDeployAnnotation,
  deploysAnnotation,
  'deployment.kubernetes.io/revision',
];

type Fields = Record<string, unknown>;

/**
 * What the server holds of an object. Variables, commands, and what programs have put out (in termination messages and by
 * probes) never come further than here: nobody can tell which of it is secret.
 */
export function keptOf(object: LiveObject): LiveObject {
  const { apiVersion, kind } = object;
  const whole = object as LiveObject & Record<'spec' | 'status', Fields | undefined>;
  const base = { apiVersion, kind, metadata: metadataOf(object) };
  switch (kind) {
    case 'Namespace':
      return base;
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
      return { ...base, spec: workloadSpec(whole.spec), status: whole.status };
    case 'ReplicaSet':
      return { ...base, status: whole.status };
    case 'Pod':
      return { ...base, spec: podSpec(whole.spec), status: podStatus(whole.status) };
    case 'Service':
      return { ...base, spec: only(whole.spec, ['type', 'clusterIP', 'selector', 'ports']) };
    case 'EndpointSlice':
      return { ...base, ...only(whole, ['addressType', 'endpoints', 'ports']) };
    case 'Lease':
      return { ...base, spec: whole.spec };
    case 'Event':
      return { ...base, ...event(whole) };
    default:
      throw new Error(`${kind} is not watched`);
  }
}

function metadataOf({ metadata }: LiveObject): LiveObject['metadata'] {
  const { annotations: all = {}, managedFields: _, ...rest } = metadata;
  return { ...rest, annotations: only(all, annotations) as Record<string, string> };
}

function workloadSpec(spec: Fields = {}): Fields {
  const { template } = spec as { template?: { metadata?: Fields; spec?: Fields } };
  return {
    ...only(spec, ['replicas', 'progressDeadlineSeconds']),
    template: {
      ...(template?.metadata && { metadata: only(template.metadata, ['labels']) }),
      spec: templateSpec(template?.spec),
    },
  };
}

/** With the question of readiness besides, which the server asks too. Not one with headers: they may have a password. */
function templateSpec(spec: Fields = {}): Fields {
  const { containers = [] } = spec as { containers?: Container[] };
  const questions = containers.map(({ ports, readinessProbe }) => ({
    ...(ports && { ports: ports.map((port) => only(port, ['name', 'containerPort'])) }),
    ...(readinessProbe && {
      readinessProbe:
        readinessProbe.httpGet && !readinessProbe.httpGet.httpHeaders
          ? { httpGet: only(readinessProbe.httpGet, ['path', 'port', 'scheme', 'host']) }
          : {},
    }),
  }));
  const { containers: kept, ...rest } = podSpec(spec) as { containers: Fields[] };
  return { ...rest, containers: kept.map((container, index) => ({ ...container, ...questions[index] })) };
}

interface Container {
  ports?: Fields[];
  readinessProbe?: { httpGet?: Fields };
}

function podSpec(spec: Fields = {}): Fields {
  const { containers = [] } = spec as { containers?: Fields[] };
  return {
    ...only(spec, ['nodeName']),
    containers: containers.map(({ name, image, readinessProbe }) => ({
      name,
      image,
      ...(readinessProbe ? { readinessProbe: {} } : {}),
    })),
  };
}

interface Run {
  terminated?: Fields;
  waiting?: Fields;
  running?: Fields;
}

interface ContainerStatus extends Fields {
  state?: Run;
  lastState?: Run;
}

function podStatus(status: Fields = {}): Fields {
  const { containerStatuses, initContainerStatuses } = status as Record<
    string,
    ContainerStatus[] | undefined
  >;
  return {
    ...only(status, ['phase', 'reason', 'startTime', 'conditions']),
    ...(containerStatuses && { containerStatuses: containerStatuses.map(containerStatus) }),
    ...(initContainerStatuses && { initContainerStatuses: initContainerStatuses.map(containerStatus) }),
  };
}

function containerStatus({ state, lastState, ...status }: ContainerStatus): Fields {
  return {
    ...only(status, ['name', 'restartCount', 'ready', 'started']),
    ...(state && { state: withoutOutput(state) }),
    ...(lastState && { lastState: withoutOutput(lastState) }),
  };
}

/** Without the termination message, which is what the program wrote last. */
function withoutOutput({ terminated, ...state }: Run): Fields {
  if (!terminated) return state;
  const { message: _, ...rest } = terminated;
  return { ...state, terminated: rest };
}

/** How a probe fails by itself; all else is what the program that it ran put out. */
const probeWords =
  /^(Readiness|Liveness|Startup) probe (failed: (HTTP probe failed with statuscode: \d+$|Get "|dial |service unhealthy|timeout: )|errored)/;

function event(whole: Fields): Fields {
  const fields = only(whole, [
    'type',
    'reason',
    'message',
    'count',
    'involvedObject',
    'source',
    'reportingComponent',
    'firstTimestamp',
    'lastTimestamp',
    'eventTime',
    'series',
  ]);
  const message = String(fields.message ?? '');
  if (fields.reason !== 'Unhealthy') return { ...fields, message };
  const said = message.replace(/^\(combined from similar events\): /, '');
  return { ...fields, message: probeWords.test(said) ? message : said.replace(/(failed): [^]*$/, '$1') };
}

function only(fields: Fields = {}, names: readonly string[]): Fields {
  return Object.fromEntries(
    names.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]),
  );
}
