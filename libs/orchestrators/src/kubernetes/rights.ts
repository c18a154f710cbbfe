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

interface Right {
  verb: string;
  group: string;
  resource: string;
  /** Absent for what is in no namespace. */
  namespace?: string;
}

/** What a SelfSubjectRulesReview says may be done; `*` stands for all. */
interface Rule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  /** When given, of these objects alone. */
  resourceNames?: string[];
}

/** Asks for each kind that changes whether we may change it, and for what every deploy does. */
export async function missingRights(
  client: KubeClient,
  environment: string,
  changes: readonly Change[],
): Promise<string[]> {
  const needed = new Map<string, Right>();
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
  const rules = await rulesIn(client, environment);
  const answers = await Promise.all(
    [...needed].map(async ([what, right]) => {
      if (right.namespace !== undefined && rules.some((rule) => gives(rule, right))) return [];
      const { allowed } = await review<{ allowed: boolean }>(client, 'SelfSubjectAccessReview', {
        resourceAttributes: right,
      });
      return allowed ? [] : [what];
    }),
  );
  const refused = answers.flat();
  return refused.length > 0
    ? [
        `These credentials (${client.description}) may not ${refused.join(', ')} in ${environment}. See what is allowed: ${client.kubectl} auth can-i --list -n ${environment}`,
      ]
    : [];
}

/**
 * All that may be done in a namespace, by one question in place of twenty. None where the server cannot say it of
 * everybody who decides (a webhook, as GKE and EKS have): what one gives another may refuse.
 */
async function rulesIn(client: KubeClient, namespace: string): Promise<Rule[]> {
  const { incomplete, resourceRules = [] } = await review<{ incomplete: boolean; resourceRules?: Rule[] }>(
    client,
    'SelfSubjectRulesReview',
    { namespace },
  );
  return incomplete ? [] : resourceRules;
}

function gives(
  { verbs, apiGroups = [], resources = [], resourceNames = [] }: Rule,
  { verb, group, resource }: Right,
): boolean {
  const has = (list: readonly string[], wanted: string) => list.includes('*') || list.includes(wanted);
  return resourceNames.length === 0 && has(verbs, verb) && has(apiGroups, group) && has(resources, resource);
}

async function review<Status>(client: KubeClient, kind: string, spec: object): Promise<Status> {
  const answer = await client.create(
    { apiVersion: 'authorization.k8s.io/v1', kind, metadata: {} as { name: string }, spec },
    // It is a question: nothing is made.
    { repeatable: true },
  );
  return answer.status as Status;
}
