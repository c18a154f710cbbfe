import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { quoteArgv, UserError, type Cluster } from '@berth/model';
import { parse } from 'yaml';
import { clusterProject, newCredentials } from './cluster-hint';
import type { Connection } from './connection';

/** Which cluster, and as whom. Both are always given: the shell's current context is never used. */
export interface KubeconfigContext {
  /** Path of the file. */
  kubeconfig: string;
  context: string;
  /** Name of the cluster in this workspace, for messages; absent when it may be any. */
  cluster?: string;
}

/** Where cluster.json says that a cluster is. @param workspaceRoot what a relative path begins at */
export function contextOf(
  { name, kubeconfig, context }: Pick<Cluster, 'name' | 'kubeconfig' | 'context'>,
  workspaceRoot: string,
): KubeconfigContext {
  return { kubeconfig: resolve(workspaceRoot, kubeconfig), context, cluster: name };
}

/** The one that KUBECONFIG and KUBE_CONTEXT name; undefined without KUBECONFIG. @throws Error when only that is there */
export function contextIn(env: Readonly<Record<string, string | undefined>>): KubeconfigContext | undefined {
  const { KUBECONFIG: kubeconfig, KUBE_CONTEXT: context } = env;
  if (!kubeconfig) return undefined;
  if (!context)
    throw new Error('KUBE_CONTEXT must name a context of KUBECONFIG: the current one is never used');
  return { kubeconfig, context };
}

interface Named<Value> {
  name: string;
  [field: string]: unknown;
  value?: Value;
}
interface ClusterEntry {
  server: string;
  'certificate-authority'?: string;
  'certificate-authority-data'?: string;
  'insecure-skip-tls-verify'?: boolean;
  'tls-server-name'?: string;
}
interface UserEntry {
  token?: string;
  tokenFile?: string;
  username?: string;
  password?: string;
  'client-certificate'?: string;
  'client-certificate-data'?: string;
  'client-key'?: string;
  'client-key-data'?: string;
  exec?: unknown;
  'auth-provider'?: unknown;
}
interface KubeconfigFile {
  clusters?: Named<never>[];
  users?: Named<never>[];
  contexts?: Named<never>[];
}

/**
 * Reads one context of a kubeconfig.
 * Plain credentials are read here; those of a plugin (`exec`, as GKE and EKS have) by @kubernetes/client-node, which is
 * loaded only then: it takes half a second.
 * @throws UserError when the file or the context is not there.
 */
export function readKubeconfig(place: KubeconfigContext): Connection {
  const { kubeconfig, context, cluster: inWorkspace } = place;
  const file = parseFile(kubeconfig, inWorkspace);
  const found = entry<{ cluster: string; user: string }>(file.contexts, context, 'context');
  if (!found) {
    const names = (file.contexts ?? []).map(({ name }) => name).join(', ') || 'none';
    throw new UserError(
      `${kubeconfig} has no context "${context}"; it has: ${names}.`,
      `Name one of them in cluster.json, or: nx credentials ${clusterProject(inWorkspace)}`,
    );
  }
  const cluster = entry<ClusterEntry>(file.clusters, found.cluster, 'cluster');
  const user = entry<UserEntry>(file.users, found.user, 'user') ?? {};
  if (!cluster?.server)
    throw new UserError(
      `${kubeconfig}: context "${context}" names the cluster "${found.cluster}", which is not in the file.`,
    );
  if (!URL.canParse(cluster.server))
    throw new UserError(
      `${kubeconfig}: the server of the cluster "${found.cluster}" is no address: "${cluster.server}".`,
      `Expected for example https://10.123.0.1:6443. ${newCredentials(inWorkspace)}`,
    );
  const pem = (data: string | undefined, path: string | undefined): Buffer | undefined =>
    data ? Buffer.from(data, 'base64') : path ? readBeside(place, path) : undefined;
  const ca = pem(cluster['certificate-authority-data'], cluster['certificate-authority']);
  const cert = pem(user['client-certificate-data'], user['client-certificate']);
  const key = pem(user['client-key-data'], user['client-key']);
  const authorization = authorizationOf(user, place);
  return {
    server: cluster.server.replace(/\/$/, ''),
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(cluster['tls-server-name'] ? { serverName: cluster['tls-server-name'] } : {}),
    ...(cluster['insecure-skip-tls-verify'] ? { insecure: true } : {}),
    ...(authorization ? { authorization } : {}),
    description: `context ${context} of ${kubeconfig}`,
    kubectl: kubectlOf(place),
    ...(inWorkspace === undefined ? {} : { cluster: inWorkspace }),
  };
}

/** One context of a kubeconfig, and where it leads. */
export interface ListedContext {
  context: string;
  /** Name of the entry in `clusters`. */
  cluster: string;
  /** Empty when that entry is not in the file. */
  server: string;
}

/** All contexts of a kubeconfig, in its order. @throws UserError when there is no such file, or it is none */
export function contextsOf(kubeconfig: string): ListedContext[] {
  const file = parseFile(kubeconfig);
  return (file.contexts ?? []).map((each) => {
    const { cluster = '' } = (each['context'] ?? {}) as { cluster?: string };
    const server = entry<ClusterEntry>(file.clusters, cluster, 'cluster')?.server ?? '';
    return { context: each.name, cluster, server };
  });
}

/** The start of a kubectl command, as one types it: a path may have spaces. */
export function kubectlOf({ kubeconfig, context }: KubeconfigContext): string {
  return quoteArgv(['kubectl', '--kubeconfig', kubeconfig, '--context', context]);
}

function parseFile(path: string, cluster?: string): KubeconfigFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UserError(
      `The kubeconfig ${path} cannot be read: ${(error as Error).message}.`,
      absent
        ? `Bring the cluster up (nx create ${clusterProject(cluster)}) or get its credentials (nx credentials ${clusterProject(cluster)}).`
        : `See whose it is and who may read it: ${quoteArgv(['ls', '-ld', dirname(path), path])}`,
      { cause: error },
    );
  }
  try {
    const file = (parse(text) ?? {}) as Partial<Record<keyof KubeconfigFile, unknown>>;
    const list = (value: unknown) => (Array.isArray(value) ? (value as Named<never>[]) : []);
    return { clusters: list(file.clusters), users: list(file.users), contexts: list(file.contexts) };
  } catch (error) {
    throw new UserError(
      `The kubeconfig ${path} is no YAML: ${(error as Error).message}`,
      newCredentials(cluster),
      { cause: error },
    );
  }
}

/** A file that a kubeconfig names, relative to it. */
function readBeside({ kubeconfig, cluster }: KubeconfigContext, path: string): Buffer {
  const file = resolve(dirname(resolve(kubeconfig)), path);
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UserError(
      `${file}, which the kubeconfig ${kubeconfig} names, cannot be read: ${(error as Error).message}.`,
      newCredentials(cluster),
      { cause: error },
    );
  }
}

function entry<Value>(list: Named<never>[] | undefined, name: string, field: string): Value | undefined {
  return list?.find((candidate) => candidate?.name === name)?.[field] as Value | undefined;
}

type Authorization = NonNullable<Connection['authorization']>;

function authorizationOf(user: UserEntry, context: KubeconfigContext): Authorization | undefined {
  const { token, tokenFile, username, password } = user;
  if (token) return async () => ({ authorization: `Bearer ${token}` });
  if (tokenFile)
    return async () => ({
      authorization: `Bearer ${readBeside(context, tokenFile).toString('utf8').trim()}`,
    });
  if (username) {
    const basic = Buffer.from(`${username}:${password ?? ''}`).toString('base64');
    return async () => ({ authorization: `Basic ${basic}` });
  }
  return user.exec || user['auth-provider'] ? pluginAuthorization(context) : undefined;
}

/** Credentials of a plugin; client-node runs it and keeps its token until it expires. */
function pluginAuthorization({ kubeconfig, context }: KubeconfigContext): Authorization {
  const loading = import('@kubernetes/client-node').then(({ KubeConfig }) => {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    config.setCurrentContext(context);
    return config;
  });
  // Without this a failed load that is not asked for yet would end the process.
  loading.catch(() => undefined);
  return async () => {
    const config = await loading;
    const options: { headers?: Record<string, string> } = {};
    try {
      await config.applyToHTTPSOptions(options);
    } catch (error) {
      throw new UserError(
        `The plugin that has the credentials of context ${context} of ${kubeconfig} failed: ${(error as Error).message}`,
        `See what it says: ${kubectlOf({ kubeconfig, context })} get nodes`,
        { cause: error },
      );
    }
    return options.headers ?? {};
  };
}

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The connection of a pod, by its service account; the token is read anew, since the kubelet replaces it.
 * @throws UserError outside a pod.
 */
export function inClusterConnection(environment: NodeJS.ProcessEnv, folder = serviceAccount): Connection {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = environment;
  if (!host) throw new UserError('This is no pod of a cluster: KUBERNETES_SERVICE_HOST is not set.');
  let read = { token: '', at: -Infinity };
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ca: readFileSync(`${folder}/ca.crt`),
    authorization: async () => {
      // The kubelet replaces the token well before its end; client-go too reads it once a minute.
      if (Date.now() - read.at > 60_000)
        read = { token: readFileSync(`${folder}/token`, 'utf8').trim(), at: Date.now() };
      return { authorization: `Bearer ${read.token}` };
    },
    description: 'the service account of this pod',
    kubectl: 'kubectl',
  };
}

/** The namespace of the pod that this process is in, as the kubelet says it; undefined outside of one. */
export function podNamespace(folder = serviceAccount): string | undefined {
  const file = resolve(folder, 'namespace');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}
