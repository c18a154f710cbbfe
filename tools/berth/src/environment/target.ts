import { resolve } from 'node:path';
import type {
  Adjusting,
  DeployTarget,
  Destroying,
  Expiring,
  LogReading,
  SecretKeeping,
  StatusReading,
} from '@berth/deploy';
import { KubeClient } from '@berth/kube';
import { UserError, type Cluster } from '@berth/model';
import { kubernetesOrchestrator } from '@berth/orchestrators';
import { author } from './author';
import type { EnvironmentModels } from './environment-of';

/** An open way to what runs environments. */
export interface Connected {
  target: DeployTarget & StatusReading & Adjusting & SecretKeeping & LogReading & Destroying & Expiring;
  close(): void;
}

export interface ConnectOptions {
  /** Told of each request that is tried again; printed when absent. */
  onRetry?: (message: string) => void;
  /** Milliseconds without an answer after which a request is given up. */
  idleMs?: number;
}

/**
 * Connects to the orchestrator that runs the environment, by the kubeconfig and context of its cluster.json: the
 * shell's current context is never used.
 * @throws UserError for one that Berth does not know yet, or when the cluster has no kubeconfig
 */
export function connect(
  models: Pick<EnvironmentModels, 'environment' | 'cluster'>,
  workspaceRoot: string,
  options: ConnectOptions = {},
): Connected {
  return connected(clientOf(models, workspaceRoot, options));
}

/** The API server of the environment's cluster. @throws UserError as connect does */
export function clientOf(
  { environment, cluster }: Pick<EnvironmentModels, 'environment' | 'cluster'>,
  workspaceRoot: string,
  options: ConnectOptions = {},
): KubeClient {
  if (environment.orchestrator !== 'kubernetes') {
    throw new UserError(
      `${environment.root}/env.json at orchestrator: Berth cannot deploy to ${environment.orchestrator} yet`,
      'Choose kubernetes.',
    );
  }
  return clusterClient(cluster, workspaceRoot, options);
}

/** Connects to a Kubernetes cluster, whatever its environments. @throws UserError when it has no kubeconfig */
export function connectTo(cluster: Cluster, workspaceRoot: string, options: ConnectOptions = {}): Connected {
  return connected(clusterClient(cluster, workspaceRoot, options));
}

function clusterClient(
  cluster: Cluster,
  workspaceRoot: string,
  { onRetry = console.log, idleMs }: ConnectOptions,
): KubeClient {
  const kubeconfig = resolve(workspaceRoot, cluster.kubeconfig);
  return KubeClient.from(
    { kubeconfig, context: cluster.context },
    { onRetry, ...(idleMs === undefined ? {} : { idleMs }) },
  );
}

function connected(client: KubeClient): Connected {
  return { target: kubernetesOrchestrator(client, { holder: author() }), close: () => client.close() };
}
