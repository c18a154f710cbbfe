/* Only tests use this: objects as the API server has them, with as little said as possible. */
import { DOMAIN_ANNOTATION, PROXY_ANNOTATION, PUBLIC_LABEL, PUBLIC_PORTS_ANNOTATION } from '@berth/manifests';
import { SERVICE_NAME_LABEL, type ObservedEndpointSlice, type ObservedService } from './observed';

type ServicePort = NonNullable<NonNullable<ObservedService['spec']>['ports']>[number];
type Endpoint = NonNullable<ObservedEndpointSlice['endpoints']>[number];
type SlicePort = NonNullable<ObservedEndpointSlice['ports']>[number];

export interface TestService {
  namespace?: string;
  created?: string;
  publicPorts?: string;
  domain?: string;
  proxy?: string;
  ports?: ServicePort[];
  spec?: object;
}

export function testService(name: string, options: TestService = {}): ObservedService {
  const { namespace = 'staging', created = '2026-01-01T00:00:00Z', domain = 'localhost', spec } = options;
  const {
    publicPorts = 'http',
    proxy,
    ports = [{ name: 'http', port: 8080, appProtocol: 'http' }],
  } = options;
  return {
    metadata: {
      name,
      namespace,
      uid: `uid-${namespace}-${name}`,
      creationTimestamp: created,
      labels: { [PUBLIC_LABEL]: 'true' },
      annotations: {
        [DOMAIN_ANNOTATION]: domain,
        [PUBLIC_PORTS_ANNOTATION]: publicPorts,
        ...(proxy === undefined ? {} : { [PROXY_ANNOTATION]: proxy }),
      },
    },
    spec: { type: 'ClusterIP', selector: { 'app.kubernetes.io/name': name }, ports, ...spec },
  };
}

export function testSlice(
  service: string,
  endpoints: (string | Endpoint)[],
  ports: SlicePort[] = [{ name: 'http', port: 8080, protocol: 'TCP' }],
  namespace = 'staging',
): ObservedEndpointSlice {
  const addresses = endpoints.map((endpoint) =>
    typeof endpoint === 'string'
      ? { addresses: [endpoint], conditions: { ready: true, serving: true, terminating: false } }
      : endpoint,
  );
  const ipv6 = addresses.some((endpoint) => endpoint.addresses[0]?.includes(':'));
  return {
    metadata: { name: `${service}-abcde`, namespace, labels: { [SERVICE_NAME_LABEL]: service } },
    addressType: ipv6 ? 'IPv6' : 'IPv4',
    endpoints: addresses,
    ports,
  };
}
