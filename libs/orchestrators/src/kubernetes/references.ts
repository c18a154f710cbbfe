import { SECRETS_NAME, type KubernetesObject } from '@berth/manifests';
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
  volumes?: (VolumeSource & { projected?: { sources?: VolumeSource[] } })[];
}
interface VolumeSource {
  secret?: { secretName?: string; name?: string; optional?: boolean };
  configMap?: { name?: string; optional?: boolean };
}
interface Container {
  env?: { valueFrom?: { secretKeyRef?: KeyReference; configMapKeyRef?: KeyReference } }[];
  envFrom?: { secretRef?: KeyReference; configMapRef?: KeyReference }[];
}

type Holder = 'Secret' | 'ConfigMap';

/** What stands in a workload for its pods. */
export interface PodTemplate {
  spec?: PodSpec;
}

/** A Secret or ConfigMap that pods need. */
export interface Reference {
  kind: Holder;
  name: string;
  /** Undefined: the whole object. */
  key?: string;
  /** Whether pods start without it. */
  optional: boolean;
  by: string;
}

/** Secrets and ConfigMaps, or keys of them, that pods need and that neither the namespace nor the set has. */
export async function missingReferences(
  client: KubeClient,
  environment: string,
  desired: readonly KubernetesObject[],
): Promise<string[]> {
  const references = desired
    .flatMap((object) => referencesOf(object.metadata.name, templateOf(object)))
    .filter(({ optional }) => !optional);
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
    const hint = howToMake(client, environment, { kind, name, key, there: there !== undefined });
    const problem = problems.get(what) ?? { what, hint, by: new Set<string>() };
    problem.by.add(by);
    problems.set(what, problem);
  }
  return [...problems.values()].map(
    ({ what, hint, by }) => `${what}; ${[...by].join(', ')} ${by.size > 1 ? 'need' : 'needs'} it. ${hint}`,
  );
}

/** No value stands in the command: it would stay in the shell's history. */
function howToMake(
  { kubectl }: KubeClient,
  environment: string,
  { kind, name, key, there }: Pick<Reference, 'kind' | 'name'> & { key: string | undefined; there: boolean },
): string {
  if (kind === 'Secret' && name === SECRETS_NAME && key) return `nx secret ${environment} --name=${key}`;
  if (there) return `${kubectl} -n ${environment} edit ${kind.toLowerCase()} ${name}`;
  const command = kind === 'Secret' ? 'secret generic' : 'configmap';
  return `${kubectl} -n ${environment} create ${command} ${name} --from-file=${key ?? 'KEY'}=/dev/stdin`;
}

function keysOf(object: KubernetesObject): Set<string> {
  return new Set(
    ['data', 'stringData', 'binaryData'].flatMap((field) =>
      Object.keys((object[field] as object | undefined) ?? {}),
    ),
  );
}

/** Of a workload of any kind; undefined for what has no pods. */
export function templateOf({ spec }: KubernetesObject): PodTemplate | undefined {
  const { template, jobTemplate } = (spec ?? {}) as {
    template?: PodTemplate;
    jobTemplate?: { spec?: { template?: PodTemplate } };
  };
  return template ?? jobTemplate?.spec?.template;
}

/** Every Secret and ConfigMap that the pods of a template name. @param by whose template it is */
export function referencesOf(by: string, template: PodTemplate | undefined): Reference[] {
  const { spec = {} } = template ?? {};
  const reference = (kind: Holder, { name, key, optional = false }: KeyReference = {}): Reference[] =>
    name ? [{ kind, name, by, optional, ...(key ? { key } : {}) }] : [];
  const ofVolume = ({ secret, configMap }: VolumeSource) => [
    ...reference('Secret', { ...secret, ...(secret?.secretName ? { name: secret.secretName } : {}) }),
    ...reference('ConfigMap', configMap),
  ];
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
    ...(spec.volumes ?? []).flatMap((volume) =>
      [volume, ...(volume.projected?.sources ?? [])].flatMap(ofVolume),
    ),
  ];
}
