import type { KubeClient, LiveObject } from '@berth/kube';
import { PUBLIC_LABEL } from '@berth/manifests';
import {
  apiServerAddresses,
  type ObservedChanges,
  type ObservedEndpointSlice,
  type ObservedService,
} from '@berth/routes';
import { keptEndpointSlice, keptService } from './kept-fields';
import { errorText, type Log } from './log';

/** What the controller sees of where services run. */
export interface Observation {
  /**
   * What may be other than at the last call; at the first all that there is. Undefined while the state is not known, or
   * cannot be believed; then a later call has what changed meanwhile.
   */
  changes(): ObservedChanges | undefined;
  /** Addresses of API servers, also those that have gone away since. */
  apiServers(): Iterable<string>;
}

export interface ObserveOptions {
  /** Something is other than before; ask for the changes. */
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
  const watch = <Kept>(
    kind: string,
    query: { apiVersion: string; labelSelector?: string },
    keep: (object: LiveObject) => Kept,
  ) => {
    const changed = new Set<string>();
    const objects = client.watch(
      { kind, ...query },
      {
        signal,
        // The Kept are objects of the kind with a part of its fields.
        keep: keep as unknown as (object: LiveObject) => LiveObject,
        onChange(keys) {
          for (const key of keys) changed.add(key);
          onChange();
        },
        onError: (error) => log.warn(`cannot follow the ${kind}s`, { error: errorText(error) }),
      },
    );
    /** By key, as they are now. */
    const taken = (): Map<string, Kept | undefined> => {
      const found = new Map([...changed].map((key) => [key, objects.at(key) as unknown as Kept | undefined]));
      changed.clear();
      return found;
    };
    return { objects, taken };
  };
  const services = watch<ObservedService>(
    'Service',
    { apiVersion: 'v1', labelSelector: `${PUBLIC_LABEL}=true` },
    keptService,
  );
  const endpointSlices = watch<ObservedEndpointSlice>(
    'EndpointSlice',
    { apiVersion: 'discovery.k8s.io/v1' },
    keptEndpointSlice,
  );
  const apiServers = new Set<string>();
  let listed = false;
  void Promise.all([services.objects.synced, endpointSlices.objects.synced]).then(() => {
    listed = true;
    log.info('listed the cluster', {
      services: services.objects.size,
      endpointSlices: endpointSlices.objects.size,
    });
    onChange();
  });
  return {
    apiServers: () => apiServers,
    changes() {
      if (!listed) return undefined;
      // The API server keeps an EndpointSlice of its own, so a cluster without any is a server that is starting.
      if (endpointSlices.objects.size === 0 && services.objects.size > 0) {
        log.warn('the cluster lists no EndpointSlice at all, which is not believed; the routes stay');
        return undefined;
      }
      const changes = { services: services.taken(), endpointSlices: endpointSlices.taken() };
      const slices = [...changes.endpointSlices.values()].filter((slice) => slice !== undefined);
      for (const address of apiServerAddresses(slices)) apiServers.add(address);
      return changes;
    },
  };
}
