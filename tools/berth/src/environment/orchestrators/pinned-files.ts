import { NAME_LABEL, toYaml, type GeneratedFile, type KubernetesObject } from '@berth/manifests';

/**
 * Objects as files that kustomize takes, each in its place: those of a service together. They stand in the order in
 * which they can be applied one after the other: namespace, definitions of kinds, what pods stand on, services in the
 * order given.
 * @param environment for the comments
 * @param services in the order of their needs
 */
export function pinnedFiles(
  environment: string,
  services: readonly string[],
  objects: readonly KubernetesObject[],
): GeneratedFile[] {
  const header = `Written by \`nx deploy ${environment} --write\`. Write it anew instead of editing it.`;
  const places = new Map<string, KubernetesObject[]>();
  for (const object of objects) {
    const path = placeOf(object, services);
    places.set(path, [...(places.get(path) ?? []), object]);
  }
  const rank = (path: string) => {
    if (path === 'namespace.yaml') return 0;
    if (path.startsWith('kubernetes/customresourcedefinition-')) return 1;
    const service = /^services\/(.*)\.yaml$/.exec(path)?.[1];
    return service === undefined ? 2 : 3 + services.indexOf(service);
  };
  const resources = [...places.keys()].sort(
    (one, other) => rank(one) - rank(other) || (one < other ? -1 : 1),
  );
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources,
  };
  return [
    { path: 'kustomization.yaml', content: toYaml([kustomization], header) },
    ...resources.map((path) => ({ path, content: toYaml(places.get(path) ?? [], header) })),
  ];
}

function placeOf({ kind, metadata }: KubernetesObject, services: readonly string[]): string {
  if (kind === 'Namespace') return 'namespace.yaml';
  const service = metadata.labels?.[NAME_LABEL];
  if (service !== undefined && services.includes(service)) return `services/${service}.yaml`;
  return `kubernetes/${`${kind}-${metadata.name}`.toLowerCase().replace(/[^a-z0-9.-]/g, '-')}.yaml`;
}
