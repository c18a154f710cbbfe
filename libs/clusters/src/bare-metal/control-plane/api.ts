import { request } from 'node:https';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { KubernetesObject } from '@berth/manifests';
import type { Machine } from '../machine';

export interface AdminConfig {
  server: string;
  ca: Buffer;
  certificate: Buffer;
  key: Buffer;
}

interface Kubeconfig {
  clusters: { name: string; cluster: { server: string; 'certificate-authority-data': string } }[];
  users: { name: string; user: { 'client-certificate-data': string; 'client-key-data': string } }[];
}

export function adminConfigFile({ paths }: Pick<Machine, 'paths'>): string {
  return join(paths.kubernetes, 'admin.conf');
}

/** What kubeadm wrote for the administrator, or undefined when there is no control plane on this machine. */
export async function readAdminConfig(machine: Machine): Promise<AdminConfig | undefined> {
  const text = await machine.files.read(adminConfigFile(machine));
  if (text === undefined) return undefined;
  const { clusters, users } = parse(text) as Kubeconfig;
  const [cluster, user] = [clusters[0]?.cluster, users[0]?.user];
  if (!cluster || !user) return undefined;
  return {
    server: cluster.server,
    ca: Buffer.from(cluster['certificate-authority-data'], 'base64'),
    certificate: Buffer.from(user['client-certificate-data'], 'base64'),
    key: Buffer.from(user['client-key-data'], 'base64'),
  };
}

/** Reads one object or list of this machine's API server; undefined when it is not there, or nobody answers. */
export async function getFromApi<T>(machine: Machine, path: string): Promise<T | undefined> {
  const admin = await readAdminConfig(machine);
  if (!admin) return undefined;
  const { status, text } = await get(admin, path).catch(() => ({ status: 0, text: '' }));
  if (status !== 200) return undefined;
  return (text.startsWith('{') ? JSON.parse(text) : text) as T;
}

function get(admin: AdminConfig, path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const options = {
      ca: admin.ca,
      cert: admin.certificate,
      key: admin.key,
      timeout: 2_000,
      agent: false as const,
    };
    const call = request(new URL(path, admin.server), options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    call.on('timeout', () => call.destroy(new Error('no answer within 2 s')));
    call.on('error', reject);
    call.end();
  });
}

/** Applies objects of the cluster's own parts. Forced: nobody else may own their fields. */
export async function applyObjects(
  machine: Machine,
  objects: readonly KubernetesObject[],
  log: (line: string) => void,
): Promise<void> {
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  await kubectl(
    machine,
    ['apply', '--server-side', '--force-conflicts', '--field-manager=berth-cluster', '-f', '-'],
    {
      input: JSON.stringify(list),
      onLine: log,
    },
  );
}

export function kubectl(
  { runner, paths }: Machine,
  argv: readonly string[],
  options: Parameters<Machine['runner']['run']>[1] = {},
) {
  const config = adminConfigFile({ paths });
  // What it learns of the API would else stay in the user's home when the cluster is gone.
  const cache = ['--cache-dir', join(paths.state, 'kubectl')];
  return runner.run([join(paths.bin, 'kubectl'), '--kubeconfig', config, ...cache, ...argv], {
    timeoutMs: 60_000,
    ...options,
  });
}
