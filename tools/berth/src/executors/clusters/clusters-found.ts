import { isListing, type ClusterProvider, type ClusterSummary, type Whereabouts } from '@berth/clusters';
import { UserError, type Cluster, type ProviderName } from '@berth/model';

export interface ClusterRow extends ClusterSummary {
  provider: ProviderName;
  /** Of its cluster.json; absent where there is none. */
  folder?: string;
}

/** Where to look for clusters that no cluster.json names. */
export interface Place {
  provider: ProviderName;
  where: Whereabouts;
}

export interface ClustersFound {
  rows: ClusterRow[];
  /** What could not be asked, a text each. */
  problems: string[];
}

/**
 * The clusters of the workspace as they are now, and others that Berth made in the same places or in those that are
 * asked for. One that cannot be asked does not keep the others.
 * @param providerNamed gets the cluster too, where there is one
 */
export async function clustersFound(
  clusters: readonly Cluster[],
  asked: readonly Place[],
  providerNamed: (name: ProviderName, cluster?: Cluster) => ClusterProvider,
): Promise<ClustersFound> {
  const problems: string[] = [];
  const attempt = async <Value>(
    what: string,
    work: () => Promise<Value>,
    otherwise: Value,
  ): Promise<Value> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(`${what}: ${error.message}${error.hint ? `\n  ${error.hint}` : ''}`);
      return otherwise;
    }
  };
  const own = clusters.map((cluster) =>
    attempt(cluster.name, () => rowOf(cluster, providerNamed(cluster.provider, cluster)), {
      ...identity(cluster),
      state: 'unknown',
    }),
  );
  const others = [...placesOf(clusters), ...asked].map(({ provider: name, where }) =>
    attempt<ClusterRow[]>(name, async () => {
      const provider = providerNamed(name);
      if (!isListing(provider)) return [];
      return (await provider.list(where)).map((summary) => ({ provider: name, ...summary }));
    }, []),
  );
  const listed = (await Promise.all(others)).flat();
  const named = new Set(clusters.map(({ provider, name }) => `${provider} ${name}`));
  const unnamed = listed.filter(({ provider, name }) => !named.has(`${provider} ${name}`));
  const once = new Map(unnamed.map((row) => [`${row.provider} ${row.name} ${row.place}`, row]));
  return { rows: [...(await Promise.all(own)), ...once.values()], problems };
}

async function rowOf(cluster: Cluster, provider: ClusterProvider): Promise<ClusterRow> {
  const { exists, ready, nodes } = await provider.observe(cluster);
  return {
    ...identity(cluster),
    state: exists ? (ready ? 'running' : 'not ready') : 'not made',
    ...(exists ? { nodes: nodes.length } : {}),
  };
}

function identity({ name, provider, root, gke, eks, withoutKubernetes, docker }: Cluster) {
  const place = gke
    ? `project ${gke.project}, ${gke.isRegion ? 'region' : 'zone'} ${gke.location}`
    : eks
      ? `region ${eks.region}`
      : withoutKubernetes && docker !== undefined
        ? `Swarm at ${docker}`
        : '';
  return { name, provider, place, folder: root };
}

/** Where the clusters of the workspace are: what was made beside them may be there too. */
function placesOf(clusters: readonly Cluster[]): Place[] {
  const places = clusters.map(({ provider, gke, eks }): Place => {
    if (gke) return { provider, where: { project: gke.project, gcloud: gke.gcloud } };
    if (eks) return { provider, where: { region: eks.region, profile: eks.profile } };
    return { provider, where: {} };
  });
  return [...new Map(places.map((place) => [JSON.stringify(place), place])).values()];
}
