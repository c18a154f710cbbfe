import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { stringify } from 'yaml';
import type { WholeFile } from '@berth/exec';
import type { Cluster } from '@berth/model';
import { kubeconfigPath } from '../bare-metal/control-plane/credentials';
import type { Step } from '../provider';

export interface CloudAccess {
  /** For example `https://10.1.2.3`. */
  server: string;
  /** The certificate of its authority: PEM in base64. */
  ca: string;
  /** What prints a token: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
  plugin: { command: string; args: readonly string[]; env?: Readonly<Record<string, string>> };
  installHint: string;
}

/** The kubeconfig that cluster.json names. It holds no secret, but only its owner is to choose what kubectl starts. */
export function cloudKubeconfig(
  cluster: Cluster,
  workspace: string,
  { server, ca, plugin, installHint }: CloudAccess,
): WholeFile {
  const name = cluster.context;
  const env = Object.entries(plugin.env ?? {}).map(([key, value]) => ({ name: key, value }));
  return {
    path: kubeconfigPath(cluster, workspace),
    mode: 0o600,
    content: stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': name,
      clusters: [{ name, cluster: { server, 'certificate-authority-data': ca } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      users: [
        {
          name,
          user: {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1beta1',
              command: plugin.command,
              args: [...plugin.args],
              ...(env.length > 0 ? { env } : {}),
              interactiveMode: 'Never',
              provideClusterInfo: false,
              installHint,
            },
          },
        },
      ],
    }),
  };
}

/** Whether a kubeconfig is just so, rights too. */
export function isWritten({ path, content, mode }: WholeFile): boolean {
  return existsSync(path) && readFileSync(path, 'utf8') === content && (statSync(path).mode & 0o777) === mode;
}

/** Deletes the kubeconfig that cluster.json names; undefined when there is none. */
export function deleteKubeconfigStep(cluster: Cluster, workspace: string): Step | undefined {
  const path = kubeconfigPath(cluster, workspace);
  if (!existsSync(path)) return undefined;
  return {
    title: 'Credentials',
    details: [`delete ${cluster.kubeconfig}`],
    run: async () => rmSync(path, { force: true }),
  };
}
