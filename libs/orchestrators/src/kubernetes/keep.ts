import { nameOf, type Change } from '@berth/deploy';
import type { KubeClient, LiveObject } from '@berth/kube';
import type { CheckedChange } from './plan';
import { referencesOf, type PodTemplate } from './references';

/**
 * Takes from the plan the removal of ConfigMaps and Secrets that an old version of a workload names: its pods may still
 * run, or start again when it is gone back to. They are removed by a deploy that comes after the old version has gone.
 */
export async function keepNamed(
  client: KubeClient,
  environment: string,
  changes: readonly CheckedChange[],
): Promise<CheckedChange[]> {
  const isHolder = ({ action, object }: Change) =>
    action === 'prune' && object.apiVersion === 'v1' && ['ConfigMap', 'Secret'].includes(object.kind);
  if (!changes.some(isHolder)) return [...changes];
  const list = async (kind: string) =>
    (await client.list({ apiVersion: 'apps/v1', kind, namespace: environment })).items;
  const versions = (await Promise.all([list('ReplicaSet'), list('ControllerRevision')])).flat();
  const going = new Set(
    changes.flatMap(({ action, live }) =>
      action === 'prune' && live ? [(live as LiveObject).metadata.uid] : [],
    ),
  );
  const users = new Map<string, string>();
  for (const version of versions) {
    if (version.metadata.ownerReferences?.some(({ uid }) => going.has(uid))) continue;
    const { template } = (version.spec ?? (version.data as { spec?: object } | undefined)?.spec ?? {}) as {
      template?: PodTemplate;
    };
    for (const { kind, name } of referencesOf(version.metadata.name, template))
      users.set(`${kind.toLowerCase()}/${name}`, `${version.kind.toLowerCase()}/${version.metadata.name}`);
  }
  return changes.map((change) => {
    const user = isHolder(change) ? users.get(nameOf(change.object)) : undefined;
    return user ? { ...change, action: 'same', reason: `kept as long as ${user} names it` } : change;
  });
}
