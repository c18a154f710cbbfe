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
  /** Does it; calls `log` with its output. Safe to run again. */
  run(log: (line: string) => void): Promise<void>;
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
