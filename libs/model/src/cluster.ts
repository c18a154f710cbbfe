export type ProviderName = 'bare-metal' | 'gke' | 'eks' | 'existing';

/** A cluster as its cluster.json says. */
export interface Cluster {
  /** Folder name; its Nx project is `cluster-<name>`. */
  name: string;
  root: string;
  provider: ProviderName;
  /** Relative to the workspace, or absolute. Every call passes it; the shell's current context is never used. */
  kubeconfig: string;
  context: string;
  /** Where dockerd of a Swarm manager answers: `unix:///…`, `tcp://…` or `ssh://…`; absent where there is none. */
  docker?: string;
  /** bare-metal: the machines; `localhost` is this one. The first runs the control plane. */
  hosts: string[];
}
