export type OrchestratorName = 'kubernetes' | 'swarm' | 'ecs';

/** https://kubernetes.io/docs/concepts/security/pod-security-standards */
export type PodSecurity = 'restricted' | 'baseline' | 'privileged';

/** An environment as its env.json says, with every default filled in. */
export interface Environment {
  /** The namespace's name too: a DNS label. */
  name: string;
  /** The folder of env.json, relative to the workspace. */
  root: string;
  orchestrator: OrchestratorName;
  /** Folder name below deploy/clusters. */
  cluster: string;
  /** Public services answer at `<service>-<environment>.<domain>`. */
  domain: string;
  /** Nx project selectors, for example `tag:scope:demo`. */
  projects: string[];
  /** By service name: what differs here from the service's own file; merged deeply, arrays replaced. */
  services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Deployed only when named. */
  protected: boolean;
  /** For example `3d`; null: until destroyed. */
  ttl: string | null;
  /** Kubernetes: the Pod Security Standard that the namespace enforces. */
  podSecurity: PodSecurity;
}
