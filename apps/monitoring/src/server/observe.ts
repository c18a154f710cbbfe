import type { KubeClient, ListQuery, LiveObject, Watch } from '@berth/kube';
import { leaseName, managedByLabel } from '@berth/orchestrators';
import { keptOf } from './kept';

/** What is watched of the whole cluster. */
const queries = {
  namespaces: { apiVersion: 'v1', kind: 'Namespace', labelSelector: `${managedByLabel}=berth` },
  deployments: { apiVersion: 'apps/v1', kind: 'Deployment' },
  statefulSets: { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  daemonSets: { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  replicaSets: { apiVersion: 'apps/v1', kind: 'ReplicaSet' },
  pods: { apiVersion: 'v1', kind: 'Pod' },
  services: { apiVersion: 'v1', kind: 'Service' },
  endpointSlices: { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' },
  events: { apiVersion: 'v1', kind: 'Event' },
  leases: {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    fieldSelector: `metadata.name=${leaseName}`,
  },
} satisfies Record<string, ListQuery>;

type Kind = keyof typeof queries;

/** All of one moment, as far as `keptOf` lets it in. */
export type ObservedCluster = Readonly<Record<Kind, readonly LiveObject[]>>;

export interface Observation {
  /** Undefined until everything was listed; what was seen last stays while the API server is away. */
  observed(): ObservedCluster | undefined;
  /** One object; undefined also while nothing is known. */
  get(kind: Kind, name: string, namespace?: string): LiveObject | undefined;
  /** Whether every list and watch goes well. */
  isCurrent(): boolean;
}

/** Says one thing, with its values as fields. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ObserveOptions {
  /** Something is other than before; look at the whole of it. */
  onChange: () => void;
  log: Log;
  signal: AbortSignal;
}

/** Keeps at hand what the table is made of. */
export function observe(
  client: Pick<KubeClient, 'watch'>,
  { onChange, log, signal }: ObserveOptions,
): Observation {
  const kinds = Object.keys(queries) as Kind[];
  const watches = Object.fromEntries(
    kinds.map((kind) => [
      kind,
      client.watch(queries[kind], {
        signal,
        onChange,
        keep: keptOf,
        // Somebody looks at the page.
        longestPauseMs: 2_000,
        onError: (error) => log.warn({ error: error.message }, `cannot follow the ${kind}`),
      }),
    ]),
  ) as Record<Kind, Watch>;
  const all = kinds.map((kind) => watches[kind]);
  let listed = false;
  void Promise.all(all.map(({ synced }) => synced)).then(() => {
    listed = true;
    log.info(
      Object.fromEntries(kinds.map((kind) => [kind, watches[kind].items().length])),
      'listed the cluster',
    );
    onChange();
  });
  return {
    observed: () =>
      listed
        ? (Object.fromEntries(
            kinds.map((kind) => [kind, watches[kind].items()]),
          ) as unknown as ObservedCluster)
        : undefined,
    get: (kind, name, namespace) => watches[kind].get(name, namespace),
    isCurrent: () => listed && all.every(({ healthy }) => healthy),
  };
}
