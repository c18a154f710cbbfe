import { isReady } from '@berth/clusters';
import type { LiveObject } from '@berth/kube';
import { exposingServiceName, nodePortOn, type Cluster } from '@berth/model';

/** Where something answers outside of the cluster: an IP address or a name. */
export type Target = { ip: string } | { host: string };

/** How the gateway is reached from outside, as far as that is known. */
export type OuterAddress =
  /** Nothing is opened: the gateway is not deployed, or not as cluster.json says. */
  | { state: 'absent'; why: string }
  /** A load balancer is asked for and has no address yet. */
  | { state: 'pending'; why: string }
  | { state: 'there'; targets: Target[]; ports: OuterPort[]; how: string };

export interface OuterPort {
  /** Of the Service, for example `https`. */
  name: string;
  /** What one connects to. */
  port: number;
}

/** What the API server knows of it. */
export interface OuterObjects {
  services: readonly LiveObject[];
  nodes: readonly LiveObject[];
  /** Of the gateway. */
  pods: readonly LiveObject[];
}

interface ServiceFields {
  spec?: { type?: string; ports?: { name?: string; port: number; nodePort?: number }[] };
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
}

/** Where a service of the cluster is reached from outside. @param service for example `gateway` */
export function outerAddress(
  service: string,
  cluster: Pick<Cluster, 'exposure' | 'nodePorts' | 'front'>,
  objects: OuterObjects,
): OuterAddress {
  const name = exposingServiceName(service, cluster.exposure);
  if (name === undefined) return atHosts(objects);
  const found = objects.services.find(({ metadata }) => metadata.name === name) as
    (LiveObject & ServiceFields) | undefined;
  if (!found) {
    const others = objects.services
      .filter(({ spec }) => (spec as { type?: string })?.type !== 'ClusterIP')
      .map(({ metadata }) => metadata.name);
    const instead = others.length > 0 ? `; there is ${others.join(', ')}, of another exposure` : '';
    return { state: 'absent', why: `there is no Service ${name}${instead}` };
  }
  return cluster.exposure === 'load-balancer'
    ? atLoadBalancer(found)
    : atNodes(found, cluster, objects.nodes);
}

function atLoadBalancer(service: LiveObject & ServiceFields): OuterAddress {
  const targets = (service.status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }): Target[] =>
    ip !== undefined ? [{ ip }] : hostname !== undefined ? [{ host: hostname }] : [],
  );
  const { name } = service.metadata;
  if (targets.length === 0) return { state: 'pending', why: `the Service ${name} has no address yet` };
  const ports = (service.spec?.ports ?? []).map(({ name = '', port }) => ({ name, port }));
  return { state: 'there', targets, ports, how: 'load balancer' };
}

function atNodes(
  service: LiveObject & ServiceFields,
  { nodePorts, front }: Pick<Cluster, 'nodePorts' | 'front'>,
  nodes: readonly LiveObject[],
): OuterAddress {
  const opened = service.spec?.ports ?? [];
  if (front !== undefined) {
    const standsFor = new Map(
      Object.keys(nodePorts).map((port) => [nodePortOn({ nodePorts }, Number(port)), Number(port)]),
    );
    const ports = opened.map(({ name = '', nodePort = 0 }) => ({
      name,
      port: standsFor.get(nodePort) ?? nodePort,
    }));
    return { state: 'there', targets: [asTarget(front)], ports, how: 'what leads to the nodes' };
  }
  const targets = addressesOf(nodes.filter(isReady));
  if (targets.length === 0) return { state: 'absent', why: 'no node that is ready says its address' };
  const ports = opened.map(({ name = '', nodePort = 0 }) => ({ name, port: nodePort }));
  return { state: 'there', targets, ports, how: 'nodes' };
}

interface PodFields {
  spec?: { nodeName?: string; containers?: { ports?: { name?: string; hostPort?: number }[] }[] };
}

function atHosts({ pods, nodes }: OuterObjects): OuterAddress {
  const opened = (pods as readonly (LiveObject & PodFields)[]).flatMap(({ spec = {} }) => {
    const ports = (spec.containers ?? [])
      .flatMap((container) => container.ports ?? [])
      .flatMap(({ name = '', hostPort }) => (hostPort === undefined ? [] : [{ name, port: hostPort }]));
    return spec.nodeName !== undefined && ports.length > 0 ? [{ node: spec.nodeName, ports }] : [];
  });
  const hosts = new Set(opened.map(({ node }) => node));
  const targets = addressesOf(nodes.filter(({ metadata }) => hosts.has(metadata.name)));
  const [first] = opened;
  if (!first || targets.length === 0) return { state: 'absent', why: 'no pod has a port of its node' };
  return { state: 'there', targets, ports: first.ports, how: 'nodes that run it' };
}

/** Those that are reached from outside where nodes have such, else all of the other kind. */
function addressesOf(nodes: readonly LiveObject[]): Target[] {
  const all = nodes.flatMap(
    ({ status }) =>
      (status as { addresses?: { type: string; address: string }[] } | undefined)?.addresses ?? [],
  );
  const of = (type: string) =>
    [...new Set(all.filter((each) => each.type === type).map(({ address }) => address))].map((ip) => ({
      ip,
    }));
  const outer = of('ExternalIP');
  return outer.length > 0 ? outer : of('InternalIP');
}

function asTarget(address: string): Target {
  return /^[\d.]+$|:/.test(address) ? { ip: address } : { host: address };
}
