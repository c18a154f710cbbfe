import type { ExecutorContext } from '@nx/devkit';
import type { Cluster } from '@berth/model';
import type { NameResolver } from '../../cluster/resolver';
import type { EnvironmentsOfWorkspace } from '../../environment/environment-of';

/** What is asked of each orchestrator that a cluster.json names. */
export interface StatusQuestion {
  cluster: Cluster;
  workspace: EnvironmentsOfWorkspace;
  projects: ExecutorContext['projectsConfigurations']['projects'];
  resolver: NameResolver;
  /** Of the workspace. */
  root: string;
}

/** What is known of one of them. */
export interface ClusterPart {
  lines: string[];
  /** For the result file. */
  result: object;
}
