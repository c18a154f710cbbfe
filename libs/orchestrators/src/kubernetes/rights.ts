import type { Change } from '@berth/deploy';
import type { KubeClient } from '@berth/kube';

/** What a deploy does beside its objects: the lease, the inventory and the records, and looking at pods. */
const ownRights: readonly (readonly [group: string, resource: string, verbs: readonly string[]])[] = [
  ['coordination.k8s.io', 'leases', ['get', 'create', 'update', 'delete']],
  ['', 'secrets', ['get', 'list', 'create', 'patch', 'delete']],
  ['apps', 'replicasets', ['list', 'watch']],
  ['', 'pods', ['list', 'watch']],
  ['', 'events', ['list', 'watch']],
];

/** Asks for each kind that changes whether we may change it, and for what every deploy does. */
export async function missingRights(
  client: KubeClient,
  environment: string,
  changes: readonly Change[],
): Promise<string[]> {
  const needed = new Map<string, Record<string, string>>();
  for (const { action, object } of changes) {
    if (action === 'same') continue;
    const resource = await client.resource(object.apiVersion, object.kind);
    if (!resource) continue;
    const verbs =
      action === 'prune'
        ? ['delete']
        : action === 'recreate'
          ? ['delete', 'create', 'patch']
          : action === 'create'
            ? ['create', 'patch']
            : ['patch'];
    const [group = ''] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : [''];
    for (const verb of verbs) {
      needed.set(`${verb} ${resource.plural}`, {
        verb,
        group,
        resource: resource.plural,
        ...(resource.namespaced ? { namespace: environment } : {}),
      });
    }
  }
  if (needed.size === 0) return [];
  for (const [group, resource, verbs] of ownRights)
    for (const verb of verbs)
      needed.set(`${verb} ${resource}`, { verb, group, resource, namespace: environment });
  const answers = await Promise.all(
    [...needed].map(async ([what, resourceAttributes]) => {
      const review = await client.create(
        {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          metadata: {} as { name: string },
          spec: { resourceAttributes },
        },
        // It is a question: nothing is made.
        { repeatable: true },
      );
      return (review.status as { allowed: boolean }).allowed ? [] : [what];
    }),
  );
  const refused = answers.flat();
  return refused.length > 0
    ? [
        `These credentials (${client.description}) may not ${refused.join(', ')} in ${environment}. See what is allowed: ${client.kubectl} auth can-i --list -n ${environment}`,
      ]
    : [];
}
