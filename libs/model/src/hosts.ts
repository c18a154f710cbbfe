import type { Environment } from './environment';
import type { Port, Service } from './service';

/** DNS allows 63 characters between two dots (RFC 1035, 2.3.4). */
export const LONGEST_LABEL = 63;
/** And 253 in a whole name, as one writes it (RFC 1035, 2.3.4: 255 octets with the lengths). */
export const LONGEST_HOST = 253;

/** The ports that the gateway gives an address, in the file's order: the first has the main host name. */
export function publicPorts(service: Service): Port[] {
  return service.ports.filter((port) => port.public);
}

/** First label of a public port's host name. May be too long: resolveEnvironment refuses it then; it is never cut. */
export function hostLabel(service: Service, port: Port, environmentName: string): string {
  const first = publicPorts(service)[0];
  return first?.name === port.name
    ? `${service.name}-${environmentName}`
    : `${service.name}-${port.name}-${environmentName}`;
}

/** Host name of a public port: `<service>-<environment>.<domain>`, or `<service>-<port>-<environment>.<domain>`. */
export function hostOf(
  service: Service,
  port: Port,
  environment: Pick<Environment, 'name' | 'domain'>,
): string {
  return `${hostLabel(service, port, environment.name)}.${environment.domain}`;
}

/** Whether a port speaks HTTP of some kind, so that `http://<service>` can lead to it. */
export function isHttp(port: Port): boolean {
  return port.appProtocol !== 'tcp';
}

/** Name of the Kubernetes Service that opens a service's node ports. */
export function nodePortServiceName(service: string): string {
  return `${service}-nodeport`;
}

/** Name of the Kubernetes Service that opens a service's ports at a load balancer. */
export function loadBalancerServiceName(service: string): string {
  return `${service}-loadbalancer`;
}
