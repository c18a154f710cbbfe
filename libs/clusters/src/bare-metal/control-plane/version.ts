import { UserError, type Cluster } from '@berth/model';
import { parseAllDocuments } from 'yaml';
import type { Machine } from '../machine';
import { KUBERNETES_VERSION } from '../versions';
import { isInitialised } from './control-plane';
import { kubeadmPath } from './kubeadm-configuration';

/** The version of Kubernetes that the cluster on this machine was made with; undefined when there is none. */
async function clusterVersion(machine: Machine): Promise<string | undefined> {
  const text = (await isInitialised(machine)) && (await machine.files.read(kubeadmPath(machine.paths)));
  if (!text) return undefined;
  const documents = parseAllDocuments(text).map(
    (document) => document.toJS() as { kind?: string; kubernetesVersion?: string },
  );
  return documents.find(({ kind }) => kind === 'ClusterConfiguration')?.kubernetesVersion;
}

/**
 * An older Berth's cluster is left as it is: a kubelet must not be newer than its API server, and the control plane is
 * not upgraded by being made again. https://kubernetes.io/releases/version-skew-policy
 * @throws UserError that says how to keep it, and how to make it anew
 */
export async function refuseOtherVersion(machine: Machine, { name }: Cluster): Promise<void> {
  const version = await clusterVersion(machine);
  if (version === undefined || version === KUBERNETES_VERSION) return;
  throw new UserError(
    `the cluster ${name} was made with Kubernetes ${version}, and this Berth makes ${KUBERNETES_VERSION}; it was left as it is`,
    [
      'to keep it, use the commit of the workspace that made it',
      'to make it anew, which deletes its volumes and images: npm run clean, then npm start',
    ].join('\n'),
  );
}
