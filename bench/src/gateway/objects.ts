import { SERVICE_NAME_LABEL } from '@berth/routes';
import { DOMAIN_ANNOTATION, PUBLIC_LABEL, PUBLIC_PORTS_ANNOTATION } from '@berth/manifests';

export const NAMESPACE = 'bench';
const DOMAIN = 'localhost';
/** Of what is made while it is measured how fast a gateway follows. */
export const PROBE_LABEL = 'bench.berth.dev/probe';
/** At which every endpoint answers, but those of the pods that come and go. */
export const ENDPOINT_PORT = 9000;
export const POD_PORT = 9001;

/** An endpoint of a service. @param leaves whether its pod was told to end */
export interface Endpoint {
  address: string;
  leaves?: boolean;
}

export const hostOf = (name: string): string => `${name}-${NAMESPACE}.${DOMAIN}`;

export function serviceObject(name: string, labels: Readonly<Record<string, string>> = {}) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: NAMESPACE,
      labels: { ...labels, [PUBLIC_LABEL]: 'true' },
      annotations: { [DOMAIN_ANNOTATION]: DOMAIN, [PUBLIC_PORTS_ANNOTATION]: 'http' },
    },
    // Without an address of its own: a cluster has 65,000 of them, and none is needed here.
    spec: { clusterIP: 'None', selector: { app: name }, ports: [{ name: 'http', port: 80 }] },
  };
}

export function endpointSliceObject(name: string, endpoints: readonly Endpoint[], port = ENDPOINT_PORT) {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-1`, namespace: NAMESPACE, labels: { [SERVICE_NAME_LABEL]: name } },
    addressType: 'IPv4',
    endpoints: endpoints.map(({ address, leaves = false }) => ({
      addresses: [address],
      conditions: { ready: !leaves, serving: true, terminating: leaves },
    })),
    ports: [{ name: 'http', port, protocol: 'TCP' }],
  };
}

/** What Traefik makes a route of. */
export function ingressObject(name: string, labels: Readonly<Record<string, string>> = {}) {
  const backend = { service: { name, port: { name: 'http' } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace: NAMESPACE, labels },
    spec: {
      rules: [{ host: hostOf(name), http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
    },
  };
}
