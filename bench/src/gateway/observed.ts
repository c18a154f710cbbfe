import type { KubeClient, LiveObject } from '@berth/kube';
import { PUBLIC_LABEL } from '@berth/manifests';
import type { Observed, ObservedEndpointSlice, ObservedService } from '@berth/routes';

/** What a gateway looks at. */
export const SERVICES = { apiVersion: 'v1', kind: 'Service', labelSelector: `${PUBLIC_LABEL}=true` };
export const ENDPOINT_SLICES = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' };

/** The API server's own objects are such. */
export function observedOf(services: readonly LiveObject[], endpointSlices: readonly LiveObject[]): Observed {
  return {
    services: services as unknown as ObservedService[],
    endpointSlices: endpointSlices as unknown as ObservedEndpointSlice[],
  };
}

export async function listObserved(client: KubeClient): Promise<Observed> {
  const [services, endpointSlices] = await Promise.all([client.list(SERVICES), client.list(ENDPOINT_SLICES)]);
  return observedOf(services.items, endpointSlices.items);
}
