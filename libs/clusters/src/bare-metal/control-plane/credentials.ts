import { existsSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { stringify } from 'yaml';
import { UserError, type Cluster } from '@berth/model';
import { writeWhole, type MachineFile } from '../files';
import type { Machine } from '../machine';
import type { CheckedStep } from '../step';
import { adminConfigFile, readAdminConfig } from './api';

/** Only the owner may read it: it holds the administrator's key. */
const MODE = 0o600;

export function kubeconfigPath(cluster: Cluster, workspace: string): string {
  return isAbsolute(cluster.kubeconfig) ? cluster.kubeconfig : join(workspace, cluster.kubeconfig);
}

/** Writes the administrator's kubeconfig where cluster.json says, with the context that it names. */
export async function writeCredentials(machine: Machine, cluster: Cluster, workspace: string): Promise<void> {
  const file = await kubeconfigFile(machine, cluster, workspace);
  if (!file) {
    throw new UserError(
      `there is no cluster ${cluster.name} on this machine (no ${adminConfigFile(machine)})`,
      `nx create cluster-${cluster.name}`,
    );
  }
  writeWhole(file);
}

export function credentialsStep(machine: Machine, cluster: Cluster, workspace: string): CheckedStep {
  return {
    title: 'Credentials',
    details: [`write ${cluster.kubeconfig}, context ${cluster.context}`],
    done: async () => {
      const file = await kubeconfigFile(machine, cluster, workspace);
      return (
        file !== undefined &&
        existsSync(file.path) &&
        readFileSync(file.path, 'utf8') === file.content &&
        (statSync(file.path).mode & 0o777) === MODE
      );
    },
    run: () => writeCredentials(machine, cluster, workspace),
  };
}

async function kubeconfigFile(
  machine: Machine,
  cluster: Cluster,
  workspace: string,
): Promise<MachineFile | undefined> {
  const admin = await readAdminConfig(machine);
  if (!admin) return undefined;
  const name = cluster.context;
  return {
    path: kubeconfigPath(cluster, workspace),
    mode: MODE,
    content: stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': name,
      clusters: [
        {
          name,
          cluster: { server: admin.server, 'certificate-authority-data': admin.ca.toString('base64') },
        },
      ],
      contexts: [{ name, context: { cluster: name, user: name } }],
      users: [
        {
          name,
          user: {
            'client-certificate-data': admin.certificate.toString('base64'),
            'client-key-data': admin.key.toString('base64'),
          },
        },
      ],
    }),
  };
}
