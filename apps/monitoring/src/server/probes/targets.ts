import { isIP } from 'node:net';
import type { LiveObject } from '@berth/kube';
import { serviceOf } from '@berth/orchestrators';
import type { EnvironmentRoutes } from '../live-routes';
import type { Table } from '../table';

/** Something that is asked over and over whether it answers. Only checked values: nothing of it is part of a URL. */
export interface Target {
  /** For example `health/staging/web`, `address/web-staging.localhost`. */
  id: string;
  environment: string;
  service: string;
  /** The service's health path from inside, or one of its addresses through the gateway. */
  probe: 'health' | 'address';
  /** Name of a Service and its environment, `web.staging`: where the request goes. */
  name: string;
  /**
   * What that name leads to: the Service's own address; or the network on which it leads to tasks that come and go, by any
   * address of it and the length of its prefix (`10.0.1.5/24`).
   */
  address: string;
  port: number;
  /** Header `Host`: for a public address the public name. */
  host: string;
  path: string;
}

/** A Service that may not be there. */
export interface ServiceName {
  namespace: string | undefined;
  name: string;
}

/** RFC 1123, as Kubernetes wants names of Services and namespaces. */
const nameForm = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
/** Printable, without a fragment. */
export const pathForm = /^\/[!"$-~]{0,2047}$/;

interface ServiceSpec {
  type?: string;
  clusterIP?: string;
  selector?: Record<string, string> | null;
  ports?: { port: number; targetPort?: string | number; protocol?: string }[];
}

interface WorkloadSpec {
  replicas?: number;
  template?: { metadata?: { labels?: Record<string, string> }; spec?: { containers?: Container[] } };
}

interface Container {
  ports?: { name?: string; containerPort: number }[];
  readinessProbe?: { httpGet?: { path?: string; port: string | number; scheme?: string; host?: string } };
}

interface Known {
  /** Of the environment's objects. */
  revision: number;
  toGateway: Way | undefined;
  asked: EnvironmentRoutes['asked'];
  targets: readonly Target[];
}

/**
 * What there is to ask in all environments: the path of each service's readiness probe, at the port by which its Service
 * leads there, and each address that the gateway serves. What wants no pod is not asked. Between two readings it remembers
 * the environments of which nothing has changed.
 */
export class Targets {
  #known = new Map<string, Known>();

  /** @param gateway the Service that leads to the gateway */
  read({ objects, routes }: Pick<Table, 'objects' | 'routes'>, gateway: ServiceName): Target[] {
    const toGateway = wayTo(
      objects.services(gateway.namespace ?? '').find(({ metadata }) => metadata.name === gateway.name),
    );
    const known = new Map<string, Known>();
    for (const name of objects.environments()) {
      if (objects.namespace(name)?.metadata.deletionTimestamp !== undefined) continue;
      const [revision, { asked }] = [objects.revision(name), routes.of(name)];
      const before = this.#known.get(name);
      const isAsBefore =
        before?.revision === revision && before.asked === asked && isSameWay(before.toGateway, toGateway);
      known.set(
        name,
        isAsBefore
          ? before
          : {
              ...{ revision, toGateway, asked },
              targets: environmentTargets(
                name,
                objects.workloads(name),
                objects.services(name),
                asked,
                toGateway,
              ),
            },
      );
    }
    this.#known = known;
    return [...known.values()].flatMap(({ targets }) => targets);
  }
}

function environmentTargets(
  environment: string,
  workloads: readonly LiveObject[],
  services: readonly LiveObject[],
  asked: EnvironmentRoutes['asked'],
  toGateway: Way | undefined,
): Target[] {
  const running = workloads.filter((each) => specOf<WorkloadSpec>(each).replicas !== 0);
  const targets = healthTargets(environment, running, services);
  if (!toGateway) return targets;
  const names = new Set(running.map(serviceOf));
  for (const { service, host, path } of asked) {
    if (!names.has(service)) continue;
    targets.push({ id: `address/${host}`, environment, service, probe: 'address', ...toGateway, host, path });
  }
  return targets;
}

/** One for each service, though two of its workloads may run while one takes the other's place. */
function healthTargets(
  environment: string,
  workloads: readonly LiveObject[],
  services: readonly LiveObject[],
): Target[] {
  const targets = new Map<string, Target>();
  for (const workload of workloads) {
    const service = serviceOf(workload);
    const id = `health/${environment}/${service}`;
    const way = healthWay(workload, services);
    if (way) targets.set(id, { id, environment, service, probe: 'health', ...way });
  }
  return [...targets.values()];
}

/** Where a request goes. */
export type Way = Pick<Target, 'name' | 'address' | 'port' | 'host' | 'path'>;

function isSameWay(one: Way | undefined, other: Way | undefined): boolean {
  return one?.name === other?.name && one?.address === other?.address && one?.port === other?.port;
}

function healthWay(workload: LiveObject, services: readonly LiveObject[]): Way | undefined {
  const { template = {} } = specOf<WorkloadSpec>(workload);
  const container = template.spec?.containers?.find((each) => each.readinessProbe?.httpGet);
  const question = container?.readinessProbe?.httpGet;
  // A host of its own would lead elsewhere.
  if (!container || !question || question.host || (question.scheme ?? 'HTTP') !== 'HTTP') return undefined;
  const path = question.path?.startsWith('/') ? question.path : `/${question.path ?? ''}`;
  if (!pathForm.test(path)) return undefined;
  // By name and by number, as the Service may have it.
  const targetPorts = (container.ports ?? [])
    .map(({ name, containerPort }) => [name, containerPort])
    .find((port) => port.includes(question.port)) ?? [question.port];
  const own = serviceOf(workload);
  const ways = services
    .filter((service) => selects(service, template.metadata?.labels))
    .sort((one, other) => Number(other.metadata.name === own) - Number(one.metadata.name === own))
    .flatMap((service) => wayTo(service, targetPorts) ?? []);
  return ways[0] && { ...ways[0], path };
}

/**
 * How a Service is spoken to: port 80 where it has it, by which services speak to each other.
 * @param targetPorts those of the pods that it must lead to; absent: port 80
 * @returns undefined where it leads to no such port, or may lead out of the cluster
 */
function wayTo(
  service: LiveObject | undefined,
  targetPorts?: readonly (string | number | undefined)[],
): Way | undefined {
  if (!service) return undefined;
  const { name, namespace = '' } = service.metadata;
  const { type = 'ClusterIP', clusterIP = '', selector, ports = [] } = specOf<ServiceSpec>(service);
  const leadsOut = type === 'ExternalName' || Object.keys(selector ?? {}).length === 0;
  if (leadsOut || isIP(clusterIP) === 0) return undefined;
  const fitting = ports.filter(
    ({ port, targetPort = port, protocol = 'TCP' }) =>
      protocol === 'TCP' && (targetPorts ? targetPorts.includes(targetPort) : port === 80),
  );
  const { port } = fitting.find((each) => each.port === 80) ?? fitting[0] ?? {};
  return port === undefined ? undefined : wayByName(name, namespace, clusterIP, port);
}

/**
 * How a service is spoken to by the name that it has in other environments.
 * @param address as a Target has it
 * @returns undefined where it can have no such name
 */
export function wayByName(
  service: string,
  environment: string,
  address: string,
  port: number,
): Way | undefined {
  if (!nameForm.test(service) || !nameForm.test(environment)) return undefined;
  const name = `${service}.${environment}`;
  return { name, address, port, host: port === 80 ? name : `${name}:${port}`, path: '/' };
}

function selects(service: LiveObject, labels: Readonly<Record<string, string>> = {}): boolean {
  return Object.entries(specOf<ServiceSpec>(service).selector ?? {}).every(
    ([label, value]) => labels[label] === value,
  );
}

function specOf<Spec extends object>(object: LiveObject): Spec {
  return (object['spec'] ?? {}) as Spec;
}
