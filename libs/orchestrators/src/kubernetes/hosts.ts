import { nameOf, type Change } from '@berth/deploy';
import { PUBLIC_LABEL, type KubernetesObject } from '@berth/manifests';
import type { KubeClient } from '@berth/kube';
import { claimsOf, type ObservedService } from '@berth/routes';
import { listIfAllowed } from './list-if-allowed';

/**
 * Hosts that a Service asks for anew and that another Service of the cluster has: the gateway would leave them to that
 * one. Where the Services of other namespaces may not be read, nothing is known of them.
 */
export async function takenHosts(
  client: KubeClient,
  environment: string,
  changes: readonly Change[],
): Promise<string[]> {
  const asking = changes.filter(({ action, desired }) => action !== 'same' && desired && isPublic(desired));
  if (asking.length === 0) return [];
  const owners = new Map<string, string>();
  for (const service of await publicServices(client)) {
    if (service.metadata.namespace === environment) continue;
    for (const { host } of claimsOf(service).claims)
      owners.set(host, `service/${service.metadata.name} in ${service.metadata.namespace}`);
  }
  return asking.flatMap(({ object, desired, live }) => {
    const had = live && isPublic(live) ? hostsOf(live) : [];
    return hostsOf(desired as KubernetesObject)
      .filter((host) => owners.has(host) && !had.includes(host))
      .map(
        (host) =>
          `${nameOf(object)} asks for the host ${host}, which ${owners.get(host)} has. Give the service, the port or the environment another name.`,
      );
  });
}

async function publicServices(client: KubeClient): Promise<ObservedService[]> {
  const query = { apiVersion: 'v1', kind: 'Service', labelSelector: `${PUBLIC_LABEL}=true` };
  return (await listIfAllowed(client, query)) as unknown as ObservedService[];
}

function isPublic({ kind, metadata }: KubernetesObject): boolean {
  return kind === 'Service' && metadata.labels?.[PUBLIC_LABEL] === 'true';
}

function hostsOf(service: KubernetesObject): string[] {
  return claimsOf(service as unknown as ObservedService).claims.map(({ host }) => host);
}
