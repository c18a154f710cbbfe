import type { KubeconfigContext } from '@berth/kube';
import { isLevel, LEVELS, type Level } from './log';

export interface Settings {
  /** Unix socket on which nginx takes its table. */
  adminSocket: string;
  /** File from which nginx loads its table when it starts. */
  snapshot: string;
  statusPort: number;
  logLevel: Level;
  /** Undefined: this is a pod, and its service account lets it in. */
  cluster: KubeconfigContext | undefined;
  /** Address of the API server as pods know it; undefined outside a cluster. */
  apiServer: string | undefined;
}

/** @throws Error that names the variable, and what was expected. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const statusPort = Number(env.STATUS_PORT ?? 8083);
  if (!Number.isInteger(statusPort) || statusPort < 0 || statusPort > 65535) {
    throw new Error(`STATUS_PORT must be a port number, not ${JSON.stringify(env.STATUS_PORT)}`);
  }
  const logLevel = env.LOG_LEVEL ?? 'info';
  if (!isLevel(logLevel)) {
    throw new Error(`LOG_LEVEL must be one of ${LEVELS.join(', ')}, not ${JSON.stringify(logLevel)}`);
  }
  return {
    adminSocket: env.ADMIN_SOCKET ?? '/run/gateway/admin.sock',
    snapshot: env.SNAPSHOT ?? '/run/gateway/routes.json',
    statusPort,
    logLevel,
    cluster: readCluster(env),
    apiServer: env.KUBERNETES_SERVICE_HOST,
  };
}

function readCluster(env: Readonly<Record<string, string | undefined>>): KubeconfigContext | undefined {
  const { KUBECONFIG: kubeconfig, KUBE_CONTEXT: context } = env;
  if (!kubeconfig) return undefined;
  if (!context)
    throw new Error('KUBE_CONTEXT must name a context of KUBECONFIG: the current one is never used');
  return { kubeconfig, context };
}
