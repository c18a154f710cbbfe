export type ProviderName = 'bare-metal' | 'gke' | 'eks';

/** A cluster as its cluster.json says. */
export interface Cluster {
  /** Folder name; its Nx project is `cluster-<name>`. */
  name: string;
  root: string;
  provider: ProviderName;
  /** Relative to the workspace, or absolute. Every call passes it; the shell's current context is never used. */
  kubeconfig: string;
  context: string;
  /** bare-metal: the machines; `localhost` is this one. The first runs the control plane. */
  hosts: string[];
}
