import { contextIn, type KubeconfigContext } from '@berth/kube';
import { isLevel, LEVELS, type Level } from './log';

export interface Settings {
  /** Unix socket on which nginx takes its table. */
  adminSocket: string;
  /** File from which nginx loads its table when it starts. */
  snapshot: string;
  /** File from which nginx loads its certificates when it starts. */
  certificates: string;
  /** Names of the Secrets that have them. */
  tlsSecrets: string[];
  /** Where a folder of the node with certificates is, on a Swarm; there need be none. */
  tlsFolder: string;
  /** Of the Secrets; undefined: that of this pod, or `default` outside of one. */
  namespace: string | undefined;
  /** What a self-signed certificate is for. */
  tlsDomains: string[];
  statusPort: number;
  logLevel: Level;
  /** Undefined: this is a pod, and its service account lets it in. */
  cluster: KubeconfigContext | undefined;
  /** Address of the API server as pods know it; undefined outside a cluster. */
  apiServer: string | undefined;
  /** Where dockerd is read on a Swarm; undefined on Kubernetes. */
  swarmApi: string | undefined;
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
  const tlsDomains = readNames('TLS_DOMAINS', env.TLS_DOMAINS ?? 'localhost');
  if (tlsDomains.length === 0) throw new Error('TLS_DOMAINS must name at least one domain');
  return {
    adminSocket: env.ADMIN_SOCKET ?? '/run/gateway/admin.sock',
    snapshot: env.SNAPSHOT ?? '/run/gateway/routes.json',
    certificates: env.CERTIFICATES ?? '/run/gateway/certificates.json',
    tlsSecrets: readNames('TLS_SECRETS', env.TLS_SECRETS ?? ''),
    tlsFolder: env.TLS_FOLDER ?? '/certificates',
    namespace: env.NAMESPACE,
    tlsDomains,
    statusPort,
    logLevel,
    cluster: contextIn(env),
    apiServer: env.KUBERNETES_SERVICE_HOST,
    swarmApi: readUrl('SWARM_API_URL', env.SWARM_API_URL),
  };
}

function readUrl(variable: string, text: string | undefined): string | undefined {
  if (text === undefined || /^http:\/\/[^/]/.test(text)) return text;
  throw new Error(`${variable} must be an address that begins with http://, not ${JSON.stringify(text)}`);
}

const NAME = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Names of Secrets and domains are written alike (RFC 1123). */
function readNames(variable: string, text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (text.trim() === '') return [];
  const wrong = names.find((name) => !NAME.test(name));
  if (wrong === undefined) return [...new Set(names)];
  throw new Error(
    `${variable} must be names of lower-case letters, digits, hyphens and dots with commas between, not ${JSON.stringify(wrong)}`,
  );
}
