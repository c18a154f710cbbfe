import type { Finding } from './check-document';
import type { Cluster, Exposure, ProviderName } from './cluster';
import type { Environment } from './environment';
import { loadBalancerServiceName, nodePortServiceName } from './hosts';
import { isObject } from './merge-json';
import { place } from './place';
import type { Problem } from './problem';
import type { Port, Service } from './service';

/** What decides how ports are opened to the outside. */
export type ExposingCluster = Pick<Cluster, 'name' | 'root' | 'provider' | 'exposure' | 'nodePorts'>;

/** What an API server gives out unless it is told otherwise (`--service-node-port-range`). */
const usualRange = { first: 30_000, last: 32_767 };

/** How a cluster opens ports when its cluster.json does not say. */
export function defaultExposure(provider: ProviderName): Exposure {
  return provider === 'gke' || provider === 'eks' ? 'load-balancer' : 'node-ports';
}

/** An API server that Berth sets up gives out node ports from 80 on; others have none for 80 and 443. */
export function defaultNodePorts(provider: ProviderName): Readonly<Record<string, number>> {
  return provider === 'bare-metal' ? {} : { 80: 30_080, 443: 30_443 };
}

/** What is wrong with a cluster.json's `nodePorts`, beyond its schema. */
export function checkExposure({ exposure, nodePorts }: Record<string, unknown>): Finding[] {
  if (!isObject(nodePorts)) return [];
  const findings: Finding[] = [];
  if (exposure === 'load-balancer' || exposure === 'host-ports') {
    findings.push({
      path: ['nodePorts'],
      message: `has no effect with the exposure ${exposure}`,
      hint: 'take it away, or write "exposure": "node-ports"',
    });
  }
  const taken = new Map<unknown, string>();
  for (const [port, nodePort] of Object.entries(nodePorts)) {
    const path = ['nodePorts', Number(port)];
    if (Number(port) > 65_535) findings.push({ path, message: 'is no port number: the highest is 65535' });
    const other = taken.get(nodePort);
    if (other !== undefined)
      findings.push({ path, message: `${String(nodePort)} stands for ${other} already` });
    taken.set(nodePort, port);
  }
  return findings;
}

/** The port of every node at which a port of service.json is opened by a cluster whose exposure is node-ports. */
export function nodePortOn(cluster: Pick<Cluster, 'nodePorts'>, number: number): number {
  return cluster.nodePorts[String(number)] ?? number;
}

/** The port that somebody outside connects to for a port of service.json that is opened. */
export function outerPort({ exposure, nodePorts, front }: Cluster, number: number): number {
  return exposure === 'node-ports' && front === undefined ? nodePortOn({ nodePorts }, number) : number;
}

/** Name of the Service that opens a service's ports; undefined where the pods themselves do. */
export function exposingServiceName(service: string, exposure: Exposure): string | undefined {
  switch (exposure) {
    case 'load-balancer':
      return loadBalancerServiceName(service);
    case 'node-ports':
      return nodePortServiceName(service);
    case 'host-ports':
      return undefined;
  }
}

/** The ports that the cluster cannot open, each with the reason. */
export function unopenablePorts(
  environment: Environment,
  services: readonly Service[],
  cluster: ExposingCluster,
): Problem[] {
  const opened = services.flatMap((service) =>
    service.ports.flatMap((port, index) =>
      port.nodePort === undefined ? [] : [{ service, port, index, number: port.nodePort }],
    ),
  );
  if (opened.length === 0) return [];
  return cluster.exposure === 'node-ports'
    ? checkNodePorts(environment, opened, cluster)
    : cluster.exposure === 'host-ports'
      ? checkHostPorts(environment, cluster)
      : [];
}

interface Opened {
  service: Service;
  port: Port;
  index: number;
  number: number;
}

function checkNodePorts(
  environment: Environment,
  opened: readonly Opened[],
  cluster: ExposingCluster,
): Problem[] {
  const { root, name, provider, nodePorts } = cluster;
  const taken = new Map<number, string>();
  return opened.flatMap(({ service, index, number }): Problem[] => {
    const where = place(environment, service, ['ports', index, 'nodePort']);
    const nodePort = nodePortOn(cluster, number);
    const other = taken.get(nodePort);
    taken.set(nodePort, `${number} of ${service.name}`);
    if (other !== undefined) {
      return [{ ...where, message: `is ${nodePort} on the nodes of the cluster ${name}, as ${other}` }];
    }
    const usual = nodePort >= usualRange.first && nodePort <= usualRange.last;
    if (provider === 'bare-metal' || usual || Object.hasOwn(nodePorts, String(number))) return [];
    return [
      {
        ...where,
        message: `${number} is no node port of the cluster ${name}: those are ${usualRange.first} to ${usualRange.last}`,
        hint: `say which of them stands for it: "nodePorts": { ${[...Object.entries(nodePorts), [String(number), '30…']].map(([port, on]) => `"${port}": ${on}`).join(', ')} } in ${root}/cluster.json`,
      },
    ];
  });
}

/** https://kubernetes.io/docs/concepts/security/pod-security-standards: host ports, in baseline and restricted. */
function checkHostPorts(environment: Environment, { name, root }: ExposingCluster): Problem[] {
  if (environment.podSecurity === 'privileged') return [];
  return [
    {
      file: `${environment.root}/env.json`,
      path: 'podSecurity',
      message: `the cluster ${name} opens ports by host-ports, which the Pod Security Standard ${environment.podSecurity} forbids to every pod`,
      hint: `"exposure": "node-ports" or "load-balancer" in ${root}/cluster.json needs no such right; or write "podSecurity": "privileged" here, and the namespace refuses no pod any more`,
    },
  ];
}
