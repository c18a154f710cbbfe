import { publicPorts, type Environment, type Service } from '@berth/model';

/** Names that Berth gives meaning to; other parts of it read them from the cluster. */
export const NAME_LABEL = 'app.kubernetes.io/name';
export const PART_OF_LABEL = 'app.kubernetes.io/part-of';
export const MANAGED_BY_LABEL = 'app.kubernetes.io/managed-by';
/** On a Service: `true` when the gateway gives it an address. */
export const PUBLIC_LABEL = 'berth.dev/public';
/** On a Service: the names of its public ports, with commas; the first has the main host name. */
export const PUBLIC_PORTS_ANNOTATION = 'berth.dev/public-ports';
/** On a public Service: the domain below which its hosts are. */
export const DOMAIN_ANNOTATION = 'berth.dev/domain';
/** On a public Service: `proxy` of its service.json as JSON; absent when that is empty. */
export const PROXY_ANNOTATION = 'berth.dev/proxy';
/** On the Namespace: the environment's `ttl`; absent when it has none. */
export const TTL_ANNOTATION = 'berth.dev/ttl';
/** On the Namespace: `true` when the environment is protected. */
export const PROTECTED_ANNOTATION = 'berth.dev/protected';
/** On a ConfigMap beside a service: `true` when its name is not to get the hash of its content. */
export const FIXED_NAME_ANNOTATION = 'berth.dev/fixed-name';
/** The Secret object of an environment; a service's `secrets` are keys of it. */
export const SECRETS_NAME = 'berth-secrets';

/** Labels of everything in an environment. */
export function environmentLabels(environment: Environment): Record<string, string> {
  return { [PART_OF_LABEL]: environment.name, [MANAGED_BY_LABEL]: 'berth' };
}

/** Labels of everything of one service. */
export function serviceLabels(environment: Environment, service: Service): Record<string, string> {
  return { ...selectorLabels(service), ...environmentLabels(environment) };
}

/** What selects a service's pods: never changes, because selectors cannot. */
export function selectorLabels(service: Service): Record<string, string> {
  return { [NAME_LABEL]: service.name };
}

/** Annotations by which the gateway learns of a public service; empty for others. */
export function publicAnnotations(environment: Environment, service: Service): Record<string, string> {
  const ports = publicPorts(service);
  if (ports.length === 0) return {};
  return {
    [DOMAIN_ANNOTATION]: environment.domain,
    [PUBLIC_PORTS_ANNOTATION]: ports.map((port) => port.name).join(','),
    ...(Object.keys(service.proxy).length && { [PROXY_ANNOTATION]: JSON.stringify(service.proxy) }),
  };
}
