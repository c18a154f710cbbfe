import type { Cluster } from '@berth/model';

/** What there is of a cluster now. */
export interface ClusterStatus {
  exists: boolean;
  /** The API server answers and every node is ready. */
  ready: boolean;
  nodes: { name: string; ready: boolean; version: string }[];
}

/** One step of bringing a cluster up or down. A plan is a list of them. */
export interface Step {
  title: string;
  /** What it will do to the machine, in a line each; printed by a dry run. */
  details: string[];
  /** No step after it needs it, nor does a deploy: who has more to do need not wait for its end at once. */
  isNeededByNothing?: true;
  /**
   * Does it; safe to run again.
   * @param log takes its output, which is shown when it fails
   * @param progress takes what somebody who waits wants to see at once, such as how far a long operation is
   */
  run(log: (line: string) => void, progress?: (line: string) => void): Promise<void>;
}

/** A provider of clusters. One contract suite runs on every implementation. */
export interface ClusterProvider {
  observe(cluster: Cluster): Promise<ClusterStatus>;
  /** The steps that are still missing; empty when the cluster is as it should be. */
  planCreate(cluster: Cluster): Promise<Step[]>;
  planDestroy(cluster: Cluster): Promise<Step[]>;
  /** Writes the kubeconfig (mode 0600) that cluster.json names. */
  credentials(cluster: Cluster): Promise<void>;
}

/** Extra ability: changes how many nodes there are. */
export interface Resizing {
  /**
   * The steps to that many nodes; empty when there are just as many. `nodes` in cluster.json is what a new cluster
   * begins with, and stays.
   * @throws UserError when there is no such cluster, or it may not have that many
   */
  planResize(cluster: Cluster, nodes: number): Promise<Step[]>;
}

export function isResizing(provider: ClusterProvider): provider is ClusterProvider & Resizing {
  return 'planResize' in provider;
}

/** Extra ability: takes hosts out of the cluster, which `planCreate` never does. */
export interface HostRemoving {
  /**
   * The steps that move what runs on hosts which cluster.json no longer names, and remove these; empty when every node
   * is one that it names.
   * @throws UserError when data would be lost with a host
   */
  planRemoval(cluster: Cluster): Promise<Step[]>;
}

export function isHostRemoving(provider: ClusterProvider): provider is ClusterProvider & HostRemoving {
  return 'planRemoval' in provider;
}

/** Where a provider looks for clusters, as far as it has such places; its tools' own setting where absent. */
export interface Whereabouts {
  /** gke: the project's id. */
  project?: string | undefined;
  /** gke: as in cluster.json. */
  gcloud?: 'image' | 'path' | undefined;
  /** eks: for example eu-central-1. */
  region?: string | undefined;
  /** eks: of ~/.aws/config. */
  profile?: string | undefined;
}

/** A cluster that Berth made. */
export interface ClusterSummary {
  name: string;
  /** Where it is, in the provider's words, for example `project desk, zone europe-west1-b`. */
  place: string;
  /** In a word or two, for example `running` or `being created`. */
  state: string;
  /** How many there are; absent where that is not known. */
  nodes?: number;
}

/** Extra ability: says which clusters Berth made there, whether or not this workspace has a cluster.json of them. */
export interface Listing {
  list(where: Whereabouts): Promise<ClusterSummary[]>;
}

export function isListing(provider: ClusterProvider): provider is ClusterProvider & Listing {
  return 'list' in provider;
}
