import type { KubeClient } from '@berth/kube';
import { parse } from 'yaml';

/** A registry that a cluster announces (KEP-1755), as kind's script, k3d and others do. */
export interface AnnouncedRegistry {
  /** As this machine reaches it, and as images are named, for example `localhost:5001`. */
  host: string;
  /** A page of whoever made it. */
  help?: string;
}

/** Of https://github.com/kubernetes/enhancements/tree/master/keps/sig-cluster-lifecycle/generic/1755-communicating-a-local-registry */
const reference = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: 'kube-public',
  name: 'local-registry-hosting',
} as const;
const key = 'localRegistryHosting.v1';

/** The registry that the cluster announces; undefined when it announces none that could be used. */
export async function announcedRegistry(
  client: Pick<KubeClient, 'get'>,
): Promise<AnnouncedRegistry | undefined> {
  const { data } = ((await client.get(reference)) ?? {}) as { data?: Record<string, string> };
  return readAnnouncement(data?.[key]);
}

/** Of https://github.com/kubernetes/minikube/tree/master/deploy/addons/registry: the addon's Service, and its label. */
const minikubeAddon = {
  reference: { apiVersion: 'v1', kind: 'Service', namespace: 'kube-system', name: 'registry' },
  label: 'kubernetes.io/minikube-addons',
  port: 80,
} as const;

/** As nodes of minikube reach the registry of its addon: a proxy has that port on each of them. */
export const minikubeRegistry = 'localhost:5000';

/** Whether minikube's addon `registry` is on, which announces nothing. */
export async function hasMinikubeRegistry(client: Pick<KubeClient, 'get'>): Promise<boolean> {
  const found = await client.get(minikubeAddon.reference);
  return found?.metadata.labels?.[minikubeAddon.label] === 'registry';
}

/** What leads this machine to it by the name that nodes have. @param kubectl with kubeconfig and context */
export function wayToMinikubeRegistry(kubectl: string): string {
  const { namespace, name } = minikubeAddon.reference;
  const [, port] = minikubeRegistry.split(':');
  return `${kubectl} port-forward --namespace ${namespace} service/${name} ${port}:${minikubeAddon.port}`;
}

/** Reads the announcement, which is YAML that some script has written. */
export function readAnnouncement(text: string | undefined): AnnouncedRegistry | undefined {
  if (text === undefined) return undefined;
  let written: unknown;
  try {
    written = parse(text);
  } catch {
    return undefined;
  }
  const { host, help } = (written ?? {}) as { host?: unknown; help?: unknown };
  if (typeof host !== 'string' || !/^[A-Za-z0-9.-]+(:\d+)?$/.test(host)) return undefined;
  return { host, ...(typeof help === 'string' ? { help } : {}) };
}

/** Whether only the machine itself reaches a registry, for example `localhost:5000/berth`. */
export function isOnThisMachine(registry: string): boolean {
  const host = (registry.split('/')[0] ?? '').replace(/:\d+$/, '');
  return host === 'localhost' || host.endsWith('.localhost') || host.startsWith('127.') || host === '[::1]';
}
