import { nameOf, type Change } from '@berth/deploy';
import type { ManifestObject } from '@berth/manifests';
import { claimsOf, type ObservedService } from '@berth/routes';

export interface HostSource {
  /** What the gateway sees of an object; undefined of what is not public. */
  observed(object: ManifestObject): ObservedService | undefined;
  /** What it sees of the public services of all environments; asked only when there is something to compare. */
  all(): Promise<readonly ObservedService[]>;
}

/**
 * Hosts that a service asks for anew and that a service of another environment has: the gateway would leave them to that
 * one. A sentence each.
 */
export async function takenHosts(
  environment: string,
  changes: readonly Change[],
  { observed, all }: HostSource,
): Promise<string[]> {
  const asking = changes.flatMap(({ action, object, desired, live }) => {
    const service = action !== 'same' && desired && observed(desired);
    return service ? [{ object, hosts: hostsOf(service), had: hostsOf(live && observed(live)) }] : [];
  });
  if (asking.length === 0) return [];
  const owners = new Map<string, string>();
  for (const service of await all()) {
    const { name, namespace } = service.metadata;
    if (namespace === environment) continue;
    for (const host of hostsOf(service)) owners.set(host, `service/${name} in ${namespace}`);
  }
  return asking.flatMap(({ object, hosts, had }) =>
    hosts
      .filter((host) => owners.has(host) && !had.includes(host))
      .map(
        (host) =>
          `${nameOf(object)} asks for the host ${host}, which ${owners.get(host)} has. Give the service, the port or the environment another name, or the service other proxy.hosts.`,
      ),
  );
}

function hostsOf(service: ObservedService | undefined): string[] {
  return service ? claimsOf(service).claims.map(({ host }) => host) : [];
}
