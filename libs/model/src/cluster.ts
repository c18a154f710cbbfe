export type ProviderName = 'bare-metal' | 'gke' | 'eks' | 'existing';

/** How the ports that a service opens to the outside are opened: the gateway's 80 and 443, and every `nodePort`. */
export type Exposure = 'load-balancer' | 'node-ports' | 'host-ports';

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
  exposure: Exposure;
  /** node-ports: by port of service.json, the port of every node that stands for it. Others stand for themselves. */
  nodePorts: Readonly<Record<string, number>>;
  /** The address of what leads the ports of service.json to the nodes; absent where nothing does. */
  front?: string;
  /** bare-metal: the machines; `localhost` is this one. The first runs the control plane. */
  hosts: string[];
}
