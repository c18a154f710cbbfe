import type { Change } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import type { KubeClient } from '@berth/kube';
import { takenHosts } from '../taken-hosts';
import { hostsIn } from './hosts';
import { quotaProblems } from './quota';
import { missingReferences } from './references';
import { missingRights } from './rights';
import { missingStorageClass } from './volumes';

/** Everything that would make the deploy fail and that can be known before. */
export async function preflight(
  client: KubeClient,
  environment: string,
  desired: readonly KubernetesObject[],
  changes: readonly Change[],
): Promise<string[]> {
  const problems = await Promise.all([
    names(client, environment, desired),
    missingReferences(client, environment, desired),
    missingRights(client, environment, changes),
    missingStorageClass(client, changes),
    quotaProblems(client, environment, desired, changes),
    takenHosts(environment, changes, hostsIn(client)),
  ]);
  return problems.flat();
}

/** What is not inside the namespace must be named after it, or two environments would share it. */
async function names(
  client: KubeClient,
  environment: string,
  desired: readonly KubernetesObject[],
): Promise<string[]> {
  const problems = desired.map(async (object) => {
    const { name, namespace } = object.metadata;
    const label = `${object.kind.toLowerCase()}/${name}`;
    if (namespace !== undefined && namespace !== environment)
      return [`${label} is for the namespace ${namespace}, not for ${environment}.`];
    if (object.kind === 'Namespace')
      return name === environment
        ? []
        : [`${label}: an environment has only its own namespace, ${environment}.`];
    // The name of a CustomResourceDefinition is not free: it is that of what it defines.
    if (object.kind === 'CustomResourceDefinition') return [];
    const resource = await client.resource(object.apiVersion, object.kind);
    const clusterScoped = resource ? !resource.namespaced : object.kind.startsWith('Cluster');
    return clusterScoped && !name.endsWith(environment)
      ? [`${label} is not inside the namespace; its name must end in ${environment}.`]
      : [];
  });
  return (await Promise.all(problems)).flat();
}
