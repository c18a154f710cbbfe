import { PUBLIC_LABEL, type KubernetesObject } from '@berth/manifests';
import type { KubeClient } from '@berth/kube';
import type { ObservedService } from '@berth/routes';
import type { HostSource } from '../taken-hosts';
import { listIfAllowed } from './list-if-allowed';

/** The public Services of the cluster. Where those of other namespaces may not be read, nothing is known of them. */
export function hostsIn(client: KubeClient): HostSource {
  return {
    observed: (object) => (isPublic(object) ? (object as unknown as ObservedService) : undefined),
    all: async () => {
      const query = { apiVersion: 'v1', kind: 'Service', labelSelector: `${PUBLIC_LABEL}=true` };
      return (await listIfAllowed(client, query)) as unknown as ObservedService[];
    },
  };
}

function isPublic({ kind, metadata }: KubernetesObject): boolean {
  return kind === 'Service' && metadata.labels?.[PUBLIC_LABEL] === 'true';
}
