import { ApiError, ifAllowed, type KubeClient, type LiveObject } from '@berth/kube';
import type { Cluster } from '@berth/model';
import {
  announcedRegistry,
  hasMinikubeRegistry,
  isOnThisMachine,
  minikubeRegistry,
  wayToMinikubeRegistry,
} from './local-registry';
import { products, titleOf } from './products';
import type { Recognised } from './traits';

/** Something that was looked at in a cluster that somebody else has made. */
export interface ClusterFinding {
  /** `missing` keeps Berth from using the cluster; `note` is what some services will miss, or a person should know. */
  state: 'well' | 'note' | 'missing';
  what: string;
  /** What to do about it. */
  hint?: string;
}

/** The oldest Kubernetes whose kubelet has the sleep by which every pod drains, and with it ValidatingAdmissionPolicy. */
const oldest = { major: 1, minor: 30 };

const well = (what: string): ClusterFinding => ({ state: 'well', what });
const note = (what: string, hint: string): ClusterFinding => ({ state: 'note', what, hint });
const missing = (what: string, hint: string): ClusterFinding => ({ state: 'missing', what, hint });

interface Looked {
  client: KubeClient;
  cluster: Cluster;
  recognised: Recognised | undefined;
  /** Undefined when these credentials may not list them. */
  nodes: readonly LiveObject[] | undefined;
  /** The workspace's, of nx.json; absent where nobody said. */
  registry: string | undefined;
}

/** Looks at all that Berth needs of a cluster. Changes nothing: what is tried is a dry run. */
export async function checkCluster(looked: Looked): Promise<ClusterFinding[]> {
  const { client } = looked;
  const found = await Promise.all([
    checkVersion(client),
    checkNodes(looked),
    checkRights(client),
    checkPodSecurity(client),
    unlessHidden('whether there is a default StorageClass', () => checkStorage(client)),
    checkMetrics(client),
    checkExposure(looked),
    checkRegistry(looked),
  ]);
  return found.flat();
}

/** What these credentials may not see keeps nobody from a deploy. */
async function unlessHidden(what: string, check: () => Promise<ClusterFinding>): Promise<ClusterFinding> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 403) throw error;
    return note(`${what} could not be seen`, error.message);
  }
}

async function checkVersion(client: KubeClient): Promise<ClusterFinding> {
  const version = await client.version();
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  const isOld = Number(major) === oldest.major && Number(minor) < oldest.minor;
  return isOld
    ? missing(
        `Kubernetes is ${version}, and Berth needs ${oldest.major}.${oldest.minor}: without it pods cannot drain`,
        'upgrade the cluster by the tools that made it',
      )
    : well(`Kubernetes ${version}`);
}

function checkNodes({ client, nodes }: Looked): ClusterFinding {
  if (!nodes)
    return note('whether nodes are ready could not be seen', 'these credentials may not list nodes');
  const ready = nodes.filter(isReady);
  const count = `${ready.length} of ${nodes.length} nodes ready`;
  if (ready.length > 0 && ready.length === nodes.length) return well(count);
  const hint = `${client.kubectl} describe nodes`;
  return ready.length > 0 ? note(count, hint) : missing(count, hint);
}

/** Whether a Node says that it takes pods. */
export function isReady(node: LiveObject): boolean {
  const { conditions = [] } = (node.status ?? {}) as { conditions?: { type: string; status: string }[] };
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** What a deploy does; `*` is every namespace. A preflight asks anew for the very objects. */
const rights: readonly (readonly [group: string, resource: string, verbs: readonly string[]])[] = [
  ['', 'namespaces', ['get', 'list', 'create', 'patch', 'delete']],
  ['', 'services', ['list', 'create', 'patch', 'delete']],
  ['', 'serviceaccounts', ['list', 'create', 'patch', 'delete']],
  ['', 'secrets', ['get', 'list', 'create', 'patch', 'delete']],
  ['', 'configmaps', ['list', 'create', 'patch', 'delete']],
  ['', 'pods', ['list', 'watch']],
  ['', 'events', ['list', 'watch']],
  ['apps', 'deployments', ['list', 'watch', 'create', 'patch', 'delete']],
  ['apps', 'statefulsets', ['list', 'watch', 'create', 'patch', 'delete']],
  ['apps', 'replicasets', ['list', 'watch']],
  ['autoscaling', 'horizontalpodautoscalers', ['list', 'create', 'patch', 'delete']],
  ['policy', 'poddisruptionbudgets', ['list', 'create', 'patch', 'delete']],
  ['coordination.k8s.io', 'leases', ['get', 'create', 'update', 'delete']],
];

/** What the environment of the gateway needs besides. */
const adminRights: typeof rights = [
  ['rbac.authorization.k8s.io', 'clusterroles', ['create', 'patch', 'delete']],
  ['rbac.authorization.k8s.io', 'clusterrolebindings', ['create', 'patch', 'delete']],
  ['admissionregistration.k8s.io', 'validatingadmissionpolicies', ['create', 'patch', 'delete']],
];

async function checkRights(client: KubeClient): Promise<ClusterFinding[]> {
  const [refused, admin] = await Promise.all([
    refusedRights(client, rights),
    refusedRights(client, adminRights),
  ]);
  const hint = `whoever may has to allow it; what is allowed: ${client.kubectl} auth can-i --list`;
  const findings: ClusterFinding[] = [];
  if (refused.length > 0) findings.push(missing(`these credentials may not ${refused.join(', ')}`, hint));
  if (admin.length > 0)
    findings.push(
      note(
        `these credentials may not ${admin.join(', ')}, which gateway, monitoring and janitor need (the environment admin)`,
        hint,
      ),
    );
  return findings.length > 0 ? findings : [well('the rights of a deploy, and of the environment admin')];
}

async function refusedRights(client: KubeClient, wanted: typeof rights): Promise<string[]> {
  const asked = wanted.flatMap(([group, resource, verbs]) =>
    verbs.map((verb) => ({ group, resource, verb, what: `${verb} ${resource}` })),
  );
  const answers = await Promise.all(
    asked.map(async ({ what, ...resourceAttributes }) => {
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
  return answers.flat();
}

/** A level that no Pod Security Standard has: the admission plugin refuses a namespace that asks for it. */
const noLevel = 'berth-asks-whether-this-is-refused';

async function checkPodSecurity(client: KubeClient): Promise<ClusterFinding> {
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: noLevel,
      labels: { 'pod-security.kubernetes.io/enforce': noLevel },
    },
  };
  try {
    await client.create(namespace, { dryRun: true });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 422 || /must be one of/.test(error.message)) return well('Pod Security admission');
    if (error.status !== 403) throw error;
    // Without the right to make a namespace, which is told of already, it cannot be tried.
    return note('whether Pod Security admission is on could not be tried', error.message);
  }
  return note(
    'Pod Security admission is off: namespaces say which pods they refuse, and nobody does',
    'switch the admission plugin PodSecurity on, or let another one hold the Pod Security Standards',
  );
}

async function checkStorage(client: KubeClient): Promise<ClusterFinding> {
  const { items } = await client.list({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' });
  const isDefault = ({ metadata }: LiveObject) =>
    metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';
  const found = items.find(isDefault);
  if (found) return well(`default StorageClass ${found.metadata.name}`);
  const [first] = items.map(({ metadata }) => metadata.name);
  return note(
    'no default StorageClass: services with volumes cannot start',
    first === undefined
      ? 'install a provisioner, for example local-path-provisioner'
      : `${client.kubectl} annotate storageclass ${first} storageclass.kubernetes.io/is-default-class=true`,
  );
}

async function checkMetrics(client: KubeClient): Promise<ClusterFinding> {
  return (await client.resource('metrics.k8s.io/v1beta1', 'PodMetrics'))
    ? well('the metrics API')
    : note('no metrics API: services with scale.max stay at their least number', 'install metrics-server');
}

function checkExposure({ cluster, recognised }: Looked): ClusterFinding[] {
  const product = recognised && products[recognised.product];
  if (!product) return [];
  const { exposure } = cluster;
  const usual = product.ports.exposure;
  if (exposure !== usual) {
    const what = `ports are opened by ${exposure}, and ${product.title} usually does it by ${usual}`;
    return [note(what, `"exposure": "${usual}" in ${cluster.root}/cluster.json, unless this one differs`)];
  }
  return product.portsNeed === undefined
    ? []
    : [note('ports are reached only if this is so', product.portsNeed)];
}

async function checkRegistry({ client, recognised, registry }: Looked): Promise<ClusterFinding[]> {
  // Not everybody may read kube-public.
  const announced = await ifAllowed(announcedRegistry(client));
  if (registry === undefined) return [];
  if (announced) {
    if (registry.split('/')[0] === announced.host) return [well(`the registry ${announced.host}`)];
    const path = registry.includes('/') ? registry.slice(registry.indexOf('/')) : '';
    return [
      note(
        `the cluster announces the registry ${announced.host}, and images go to ${registry}`,
        `set "registry": "${announced.host}${path}" in the options of @berth/nx in nx.json, then nx sync${announced.help ? ` (${announced.help})` : ''}`,
      ),
    ];
  }
  const product = recognised && products[recognised.product];
  if (!product || !isOnThisMachine(registry)) return [];
  if (recognised.product === 'minikube' && (await ifAllowed(hasMinikubeRegistry(client)))) {
    const way = `images are pushed to it while this runs: ${wayToMinikubeRegistry(client.kubectl)}`;
    const path = registry.includes('/') ? registry.slice(registry.indexOf('/')) : '';
    const option = `set "registry": "${minikubeRegistry}${path}" in the options of @berth/nx in nx.json, then nx sync; ${way}`;
    return registry.split('/')[0] === minikubeRegistry
      ? [note(`images go to ${registry}, the addon registry of ${titleOf(recognised)}`, way)]
      : [
          note(
            `nodes reach the addon registry of minikube as ${minikubeRegistry}, and images go to ${registry}`,
            option,
          ),
        ];
  }
  return [
    note(
      product.local
        ? `images go to ${registry}; the nodes of ${titleOf(recognised)} must reach it under that name`
        : `images go to ${registry}, which only this machine reaches, and the nodes of ${titleOf(recognised)} do not`,
      product.registry(recognised.name),
    ),
  ];
}
