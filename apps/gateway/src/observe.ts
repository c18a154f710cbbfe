import type { KubeClient } from '@berth/kube';
import { PUBLIC_LABEL } from '@berth/manifests';
import {
  apiServerAddresses,
  type Observed,
  type ObservedEndpointSlice,
  type ObservedService,
} from '@berth/routes';
import { errorText, type Log } from './log';

/** What the controller sees of the cluster. */
export interface Observation {
  /** The whole state; undefined while it is not known, or cannot be believed. */
  observed(): Observed | undefined;
  /** Addresses of API servers, also those that have gone away since. */
  apiServers(): Iterable<string>;
}

export interface ObserveOptions {
  /** Something is other than before; look at the whole of it. */
  onChange: () => void;
  log: Log;
  signal: AbortSignal;
}

/**
 * Keeps the public Services and all EndpointSlices of a cluster at hand. Until both were listed there is nothing to
 * see, and when a list or a watch fails later, what was seen last stays.
 */
export function observe(
  client: Pick<KubeClient, 'watch'>,
  { onChange, log, signal }: ObserveOptions,
): Observation {
  const watch = (kind: string, query: { apiVersion: string; labelSelector?: string }) =>
    client.watch(
      { kind, ...query },
      {
        signal,
        onChange,
        onError: (error) => log.warn(`cannot follow the ${kind}s`, { error: errorText(error) }),
      },
    );
  const services = watch('Service', { apiVersion: 'v1', labelSelector: `${PUBLIC_LABEL}=true` });
  const endpointSlices = watch('EndpointSlice', { apiVersion: 'discovery.k8s.io/v1' });
  const apiServers = new Set<string>();
  let listed = false;
  void Promise.all([services.synced, endpointSlices.synced]).then(() => {
    listed = true;
    log.info('listed the cluster', {
      services: services.items().length,
      endpointSlices: endpointSlices.items().length,
    });
    onChange();
  });
  return {
    apiServers: () => apiServers,
    observed() {
      if (!listed) return undefined;
      const observed: Observed = {
        services: services.items() as unknown as ObservedService[],
        endpointSlices: endpointSlices.items() as unknown as ObservedEndpointSlice[],
      };
      // The API server keeps an EndpointSlice of its own, so a cluster without any is a server that is starting.
      if (observed.endpointSlices.length === 0 && observed.services.length > 0) {
        log.warn('the cluster lists no EndpointSlice at all, which is not believed; the routes stay');
        return undefined;
      }
      for (const address of apiServerAddresses(observed.endpointSlices)) apiServers.add(address);
      return observed;
    },
  };
}
