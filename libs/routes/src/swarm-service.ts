import {
  APP_PROTOCOLS,
  DOMAIN_ANNOTATION,
  PORTS_LABEL,
  PROXY_ANNOTATION,
  PUBLIC_LABEL,
  PUBLIC_PORTS_ANNOTATION,
  SHARED_NETWORK,
} from '@berth/manifests';
import type { AppProtocol } from '@berth/model';
import type { ObservedService } from './observed';

/** A service of a Docker Swarm, as far as routes come from it. */
export interface SwarmService {
  id: string;
  /** Docker's, `<environment>_<service>`: no two services of a Swarm have the same. */
  name: string;
  /** RFC 3339 in UTC, up to nanoseconds. */
  createdAt: string;
  labels: Readonly<Record<string, string>>;
}

const ROUTE_LABELS = [
  PUBLIC_LABEL,
  DOMAIN_ANNOTATION,
  PUBLIC_PORTS_ANNOTATION,
  PROXY_ANNOTATION,
  PORTS_LABEL,
];

/** Of a service's labels those that routes come from; no others need be told. */
export function routeLabels(labels: Readonly<Record<string, string>> | null = {}): Record<string, string> {
  const own = labels ?? {};
  return Object.fromEntries(
    ROUTE_LABELS.filter((label) => Object.hasOwn(own, label)).map((label) => [label, own[label]!]),
  );
}

/** A network that a task is on, as dockerd's API has it. */
export interface NetworkAttachment {
  Network: { Spec: { Name: string } };
  Addresses?: readonly string[] | null;
}

/**
 * A task's address on the network that environments share, with the length of its prefix (`10.0.1.5/24`); undefined when
 * it is not there.
 */
export function sharedAddress(networks: readonly NetworkAttachment[] | null = []): string | undefined {
  return (networks ?? []).find(({ Network }) => Network.Spec.Name === SHARED_NETWORK)?.Addresses?.[0];
}

/** A port, as the label berth.dev/ports has it. */
export interface SwarmPort {
  name: string;
  port: number;
  appProtocol: AppProtocol;
}

/**
 * The same as a Service of Kubernetes, which is what the route table's rules are about. Whose it is comes from its name:
 * labels may say anything.
 */
export function observedSwarmService(service: SwarmService): ObservedService {
  const { id, name, createdAt, labels } = service;
  const end = name.indexOf('_');
  const annotations = [DOMAIN_ANNOTATION, PUBLIC_PORTS_ANNOTATION, PROXY_ANNOTATION].filter((label) =>
    Object.hasOwn(labels, label),
  );
  return {
    metadata: {
      name: name.slice(end + 1),
      // One that is of no environment has none, and so no host.
      namespace: name.slice(0, Math.max(end, 0)),
      uid: id,
      creationTimestamp: comparable(createdAt),
      labels: { [PUBLIC_LABEL]: labels[PUBLIC_LABEL] ?? '' },
      annotations: Object.fromEntries(annotations.map((label) => [label, labels[label]!])),
    },
    spec: {
      // Which tasks it means is Swarm's own to know.
      selector: { service: id },
      ports: swarmPorts(service).map(({ name: port, port: number, appProtocol }) => ({
        name: port,
        port: number,
        appProtocol: APP_PROTOCOLS[appProtocol] ?? appProtocol,
      })),
    },
  };
}

/** Its ports. Of a label that a person has spoilt none are known, and the route table refuses what is public of them. */
export function swarmPorts({ labels }: Pick<SwarmService, 'labels'>): SwarmPort[] {
  try {
    const written: unknown = JSON.parse(labels[PORTS_LABEL] ?? '[]');
    return Array.isArray(written) ? written.filter(isPort) : [];
  } catch {
    return [];
  }
}

function isPort(value: unknown): value is SwarmPort {
  const { name, port, appProtocol } = (value ?? {}) as Partial<SwarmPort>;
  return (
    typeof name === 'string' && typeof port === 'number' && Object.hasOwn(APP_PROTOCOLS, appProtocol ?? '')
  );
}

/** Go leaves the zeros at the end of a second's fraction out; with them the text of a later time is greater. */
function comparable(time: string): string {
  const [, seconds, fraction = ''] = /^(.*?)(?:\.([0-9]+))?Z$/.exec(time) ?? [];
  return seconds === undefined ? time : `${seconds}.${fraction.padEnd(9, '0')}Z`;
}
