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

export type Kind = keyof typeof queries;

/**
 * What of a cluster may be other than before, by `<namespace>/<name>`, as far as `keptOf` lets it in; all that is not
 * named is as it was. Undefined: it is gone.
 */
export type ObservedChanges = Readonly<Record<Kind, ReadonlyMap<string, LiveObject | undefined>>>;

export interface Observation {
  /**
   * Hands on what may be other than at the last time, at first all that there is. Until everything was listed there is
   * nothing; what was seen last stays while the API server is away.
   * @param take when it throws, the same is handed on again
   */
  changes(take: (changes: ObservedChanges) => void): void;
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
  /** Something is other than before; ask for the changes. */
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
  const changed = Object.fromEntries(kinds.map((kind) => [kind, new Set<string>()])) as Record<
    Kind,
    Set<string>
  >;
  const watches = Object.fromEntries(
    kinds.map((kind) => [
      kind,
      client.watch(queries[kind], {
        signal,
        onChange(keys) {
          for (const key of keys) changed[kind].add(key);
          onChange();
        },
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
    log.info(Object.fromEntries(kinds.map((kind) => [kind, watches[kind].size])), 'listed the cluster');
    onChange();
  });
  return {
    changes(take) {
      if (!listed) return;
      const changesOf = (kind: Kind) =>
        new Map([...changed[kind]].map((key) => [key, watches[kind].at(key)] as const));
      take(Object.fromEntries(kinds.map((kind) => [kind, changesOf(kind)])) as unknown as ObservedChanges);
      for (const kind of kinds) changed[kind].clear();
    },
    get: (kind, name, namespace) => watches[kind].get(name, namespace),
    isCurrent: () => listed && all.every(({ healthy }) => healthy),
  };
}
