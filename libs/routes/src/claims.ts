import { DOMAIN_ANNOTATION, PROXY_ANNOTATION, PUBLIC_PORTS_ANNOTATION } from '@berth/manifests';
import {
  hostLabel,
  hostOf,
  LONGEST_LABEL,
  ModelError,
  readJson,
  JsonSyntaxError,
  parseService,
  type Port,
  type Proxy,
  type Service,
} from '@berth/model';
import type { ObservedService } from './observed';
import type { Refusal, RefusalReason, Route, RouteProtocol } from './route';

/** A host that a Service asks for. */
export interface Claim extends Pick<Route, 'port' | 'protocol' | 'proxy'> {
  host: string;
}

export interface Claims {
  claims: Claim[];
  refused: Omit<Refusal, 'service'>[];
}

/** Service.spec.ports[].appProtocol that the gateway can speak; the names are Kubernetes' (KEP-3726). */
const PROTOCOLS: Readonly<Record<string, RouteProtocol>> = {
  http: 'http',
  'kubernetes.io/ws': 'http',
  'kubernetes.io/h2c': 'h2c',
  grpc: 'grpc',
};

/** RFC 1123, as Kubernetes wants the names of Services, namespaces and ports. */
const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const HOST = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/;

/** An annotation has place for thousands of names, each of which would be an Event of its own when it is refused. */
const MOST_PORTS = 100;

/** The hosts that a Service asks for, and what of it cannot be. Looks at nothing but this Service. */
export function claimsOf(service: ObservedService): Claims {
  const { spec = {} } = service;
  if (spec.type === 'ExternalName') {
    return refuse(
      'ExternalName',
      'a Service of type ExternalName leads out of the cluster and gets no route',
    );
  }
  if (Object.keys(spec.selector ?? {}).length === 0) {
    return refuse(
      'NoSelector',
      'a Service without a selector gets no route: nothing says which pods it means',
    );
  }
  const annotations = service.metadata.annotations ?? {};
  const domain = annotations[DOMAIN_ANNOTATION];
  if (domain === undefined || !HOST.test(domain)) {
    return refuse(
      'InvalidAnnotation',
      `the annotation ${DOMAIN_ANNOTATION} must be a domain, ${shown(domain)}`,
    );
  }
  const names = [
    ...new Set((annotations[PUBLIC_PORTS_ANNOTATION] ?? '').split(',').map((name) => name.trim())),
  ];
  if (names.includes('')) {
    const written = annotations[PUBLIC_PORTS_ANNOTATION];
    return refuse(
      'InvalidAnnotation',
      `the annotation ${PUBLIC_PORTS_ANNOTATION} must name ports with commas between, ${shown(written)}`,
    );
  }
  if (names.length > MOST_PORTS) {
    const problem = `names ${names.length} ports; at most ${MOST_PORTS} are allowed`;
    return refuse('InvalidAnnotation', `the annotation ${PUBLIC_PORTS_ANNOTATION} ${problem}`);
  }
  const proxy = readProxy(annotations[PROXY_ANNOTATION]);
  if (typeof proxy === 'string') return refuse('InvalidAnnotation', proxy);
  return claimPorts(service, names, domain, proxy);
}

function claimPorts(service: ObservedService, names: string[], domain: string, proxy: Proxy): Claims {
  const { name, namespace = '' } = service.metadata;
  // Kubernetes has no other; but a route that nginx refuses would stop the changes of all.
  const odd = [name, namespace, ...names].find((one) => !LABEL.test(one));
  if (odd !== undefined) return refuse('HostInvalid', `${JSON.stringify(odd.slice(0, 80))} is no name`);
  const named = namedService(name, names);
  const { hosts = [], ...settings } = proxy;
  const result: Claims = { claims: [], refused: [] };
  named.ports.forEach((port, index) => {
    const host = hostOf(named, port, { name: namespace, domain });
    const label = hostLabel(named, port, namespace);
    const protocol = protocolOf(service, port.name);
    if ('reason' in protocol) {
      result.refused.push({ host, ...protocol });
      return;
    }
    const claim = {
      port: port.name,
      protocol: protocol.protocol,
      ...(Object.keys(settings).length && { proxy: settings }),
    };
    if (label.length > LONGEST_LABEL) {
      const message = `the host label ${label} has ${label.length} characters; DNS allows ${LONGEST_LABEL}`;
      result.refused.push({ host, reason: 'HostTooLong', message });
    } else if (!HOST.test(host)) {
      result.refused.push({ host, reason: 'HostInvalid', message: `${host} is no host name` });
    } else {
      result.claims.push({ host, ...claim });
    }
    if (index === 0) result.claims.push(...hosts.map((extra) => ({ host: extra, ...claim })));
  });
  return result;
}

function protocolOf(
  service: ObservedService,
  name: string,
): { protocol: RouteProtocol } | { reason: RefusalReason; message: string } {
  const port = service.spec?.ports?.find((candidate) => candidate.name === name);
  if (!port) return { reason: 'UnknownPort', message: `the Service has no port ${JSON.stringify(name)}` };
  const { protocol: transport = 'TCP', appProtocol = 'http' } = port;
  const protocol =
    transport === 'TCP' && Object.hasOwn(PROTOCOLS, appProtocol) ? PROTOCOLS[appProtocol] : undefined;
  if (protocol) return { protocol };
  const spoken = transport === 'TCP' ? appProtocol : transport;
  const message = `port ${name} speaks ${spoken}; the gateway speaks ${Object.keys(PROTOCOLS).join(', ')}`;
  return { reason: 'UnsupportedProtocol', message };
}

/** What hostOf asks of a Service, of which only name and ports are read. */
function namedService(name: string, names: readonly string[]): Service {
  const ports = names.map((port): Port => ({ name: port, port: 0, appProtocol: 'http', public: true }));
  return { name, ports } as Service;
}

/** The annotation by the same schema as service.json; text says what is wrong with it. */
function readProxy(annotation: string | undefined): Proxy | string {
  if (annotation === undefined) return {};
  const where = `annotation ${PROXY_ANNOTATION}`;
  try {
    const document = { ports: [{ name: 'http', port: 8080, public: true }], proxy: readJson(annotation) };
    return parseService(JSON.stringify(document), where, 'service').proxy;
  } catch (error) {
    if (error instanceof ModelError) return `the ${error.message}`;
    if (error instanceof JsonSyntaxError) return `the ${where} is no JSON: ${error.message}`;
    throw error;
  }
}

function refuse(reason: RefusalReason, message: string): Claims {
  return { claims: [], refused: [{ reason, message }] };
}

function shown(value: string | undefined): string {
  return value === undefined ? 'and is missing' : `not ${JSON.stringify(value.slice(0, 80))}`;
}
