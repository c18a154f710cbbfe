import {
  exposingServiceName,
  isHttp,
  nodePortOn,
  publicPorts,
  type AppProtocol,
  type Environment,
  type Port,
  type Service,
} from '@berth/model';
import { asNumbered, type Exposing } from './exposing';
import { publicAnnotations, PUBLIC_LABEL, selectorLabels, serviceLabels } from './labels';
import type { KubernetesObject } from './object';

/** Name of the Service port 80 that leads to the first HTTP port. */
export const WEB_PORT_NAME = 'web80';

/**
 * Service.spec.ports[].appProtocol, as Kubernetes' standard has it (KEP-3726): IANA names bare, its own with a prefix.
 * `grpc` is no IANA name but what proxies read; plain TCP has none.
 */
export const APP_PROTOCOLS: Readonly<Record<AppProtocol, string | undefined>> = {
  http: 'http',
  h2c: 'kubernetes.io/h2c',
  grpc: 'grpc',
  ws: 'kubernetes.io/ws',
  tcp: undefined,
};

/**
 * The Service objects of a service: one with all ports (none when it has no port), and one more for those that are opened
 * to the outside.
 */
export function renderServices(
  environment: Environment,
  service: Service,
  exposing: Exposing = asNumbered,
): KubernetesObject[] {
  if (service.ports.length === 0) return [];
  const annotations = publicAnnotations(environment, service);
  const web = service.ports.find(isHttp);
  const inside: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: service.name,
      namespace: environment.name,
      labels: {
        ...serviceLabels(environment, service),
        ...(publicPorts(service).length && { [PUBLIC_LABEL]: 'true' }),
      },
      ...(Object.keys(annotations).length && { annotations }),
    },
    spec: {
      type: 'ClusterIP',
      selector: selectorLabels(service),
      ports: [
        ...service.ports.map((port) => servicePort(port, port.name, port.port)),
        ...(web ? [servicePort(web, WEB_PORT_NAME, 80)] : []),
      ],
    },
  };
  const opened = service.ports.filter((port) => port.nodePort !== undefined);
  return [inside, ...(opened.length ? renderOpened(environment, service, opened, exposing) : [])];
}

/** A Service of its own: in one with the other ports, Kubernetes would open those too. None for ports of the pods' hosts. */
function renderOpened(
  environment: Environment,
  service: Service,
  ports: readonly Port[],
  exposing: Exposing,
): KubernetesObject[] {
  const name = exposingServiceName(service.name, exposing.exposure);
  if (name === undefined) return [];
  const atNodes = exposing.exposure === 'node-ports';
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: environment.name, labels: serviceLabels(environment, service) },
      spec: {
        type: atNodes ? 'NodePort' : 'LoadBalancer',
        // A node leads to its own pods only: to those of another one it would go on for as long as the loss of that node
        // goes unseen.
        ...(atNodes && (exposing.hosts ?? []).length > 1 && { externalTrafficPolicy: 'Local' }),
        selector: selectorLabels(service),
        ports: ports.map((port) => {
          const number = port.nodePort as number;
          return atNodes
            ? { ...servicePort(port, port.name, port.port), nodePort: nodePortOn(exposing, number) }
            : servicePort(port, port.name, number);
        }),
      },
    },
  ];
}

function servicePort(port: Port, name: string, number: number): Record<string, unknown> {
  const appProtocol = APP_PROTOCOLS[port.appProtocol];
  return { name, port: number, targetPort: port.name, protocol: 'TCP', ...(appProtocol && { appProtocol }) };
}
