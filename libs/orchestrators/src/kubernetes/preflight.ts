import { nameOf, type Change } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import type { KubeClient } from '@berth/kube';

interface KeyReference {
  name?: string;
  key?: string;
  optional?: boolean;
}
interface PodSpec {
  containers?: Container[];
  initContainers?: Container[];
  imagePullSecrets?: { name: string }[];
  volumes?: {
    secret?: { secretName?: string; optional?: boolean };
    configMap?: { name?: string; optional?: boolean };
  }[];
}
interface Container {
  env?: { valueFrom?: { secretKeyRef?: KeyReference; configMapKeyRef?: KeyReference } }[];
  envFrom?: { secretRef?: KeyReference; configMapRef?: KeyReference }[];
}

type Holder = 'Secret' | 'ConfigMap';
interface Reference {
  kind: Holder;
  name: string;
  /** Undefined: the whole object. */
  key?: string;
  by: string;
}

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

async function missingReferences(
  client: KubeClient,
  environment: string,
  desired: readonly KubernetesObject[],
): Promise<string[]> {
  const references = desired.flatMap(referencesOf);
  const holders = new Map(references.map(({ kind, name }) => [`${kind}/${name}`, { kind, name }]));
  const keys = new Map<string, Set<string> | undefined>();
  await Promise.all(
    [...holders].map(async ([id, { kind, name }]) => {
      const own = desired.find((object) => object.kind === kind && object.metadata.name === name);
      const object = own ?? (await client.get({ apiVersion: 'v1', kind, name, namespace: environment }));
      keys.set(id, object && keysOf(object));
    }),
  );
  const problems = new Map<string, { what: string; hint: string; by: Set<string> }>();
  for (const { kind, name, key, by } of references) {
    const there = keys.get(`${kind}/${name}`);
    if (there && (key === undefined || there.has(key))) continue;
    const what = there
      ? `${kind} ${name} has no key ${key}`
      : `${kind} ${name} is missing${key ? ` (its key ${key} is needed)` : ''}`;
    const hint = `${client.kubectl} -n ${environment} ${there ? `edit ${kind.toLowerCase()} ${name}` : `create ${kind === 'Secret' ? 'secret generic' : 'configmap'} ${name} --from-literal=${key ?? 'KEY'}=…`}`;
    const problem = problems.get(what) ?? { what, hint, by: new Set<string>() };
    problem.by.add(by);
    problems.set(what, problem);
  }
  return [...problems.values()].map(
    ({ what, hint, by }) => `${what}; ${[...by].join(', ')} ${by.size > 1 ? 'need' : 'needs'} it. ${hint}`,
  );
}

function keysOf(object: KubernetesObject): Set<string> {
  return new Set(
    ['data', 'stringData', 'binaryData'].flatMap((field) =>
      Object.keys((object[field] as object | undefined) ?? {}),
    ),
  );
}

function referencesOf(object: KubernetesObject): Reference[] {
  const { template } = (object.spec ?? {}) as { template?: { spec?: PodSpec } };
  const spec = template?.spec;
  if (!spec) return [];
  const by = object.metadata.name;
  const reference = (kind: Holder, { name, key, optional }: KeyReference = {}): Reference[] =>
    name && !optional ? [{ kind, name, by, ...(key ? { key } : {}) }] : [];
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  return [
    ...containers.flatMap(({ env = [], envFrom = [] }) => [
      ...env.flatMap(({ valueFrom }) => [
        ...reference('Secret', valueFrom?.secretKeyRef),
        ...reference('ConfigMap', valueFrom?.configMapKeyRef),
      ]),
      ...envFrom.flatMap(({ secretRef, configMapRef }) => [
        ...reference('Secret', secretRef),
        ...reference('ConfigMap', configMapRef),
      ]),
    ]),
    ...(spec.imagePullSecrets ?? []).flatMap(({ name }) => reference('Secret', { name })),
    ...(spec.volumes ?? []).flatMap(({ secret, configMap }) => [
      ...(secret?.secretName
        ? reference('Secret', { name: secret.secretName, optional: secret.optional ?? false })
        : []),
      ...reference('ConfigMap', configMap),
    ]),
  ];
}

/** Asks for each kind that changes whether we may change it. */
async function missingRights(
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
  const answers = await Promise.all(
    [...needed].map(async ([what, resourceAttributes]) => {
      const review = await client.create({
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        metadata: {} as { name: string },
        spec: { resourceAttributes },
      });
      return (review.status as { allowed: boolean }).allowed ? [] : [what];
    }),
  );
  const refused = answers.flat();
  return refused.length > 0
    ? [`These credentials (${client.description}) may not ${refused.join(', ')} in ${environment}.`]
    : [];
}

/** A volume that names no class waits for ever where there is no default one. */
async function missingStorageClass(client: KubeClient, changes: readonly Change[]): Promise<string[]> {
  const claims = changes
    .filter(({ action }) => action === 'create' || action === 'recreate')
    .flatMap(({ object, desired }) => {
      const { volumeClaimTemplates = [], storageClassName } = (desired?.spec ?? {}) as {
        volumeClaimTemplates?: { spec?: { storageClassName?: string } }[];
        storageClassName?: string;
      };
      const classes =
        desired?.kind === 'PersistentVolumeClaim'
          ? [storageClassName]
          : volumeClaimTemplates.map(({ spec }) => spec?.storageClassName);
      return classes.includes(undefined) ? [nameOf(object)] : [];
    });
  if (claims.length === 0) return [];
  const classes = await client
    .list({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' })
    .catch(() => undefined);
  const standard = classes?.items.some(
    ({ metadata }) => metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true',
  );
  return classes && !standard
    ? [
        `The cluster has no default StorageClass, so the volumes of ${claims.join(', ')} would never be made. ${client.kubectl} get storageclass`,
      ]
    : [];
}
