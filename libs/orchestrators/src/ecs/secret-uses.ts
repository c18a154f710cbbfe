import { NAME_LABEL, type ManifestObject } from '@berth/manifests';
import { TASK_DEFINITION } from './kinds';

/** By service, the secrets that its tasks get as variables. */
export function secretUses(objects: readonly ManifestObject[]): Map<string, Set<string>> {
  const uses = new Map<string, Set<string>>();
  for (const { kind, metadata, Properties } of objects) {
    const service = metadata.labels?.[NAME_LABEL];
    if (kind !== TASK_DEFINITION || service === undefined) continue;
    const { ContainerDefinitions = [] } = Properties as {
      ContainerDefinitions?: { Secrets?: { Name: string }[] }[];
    };
    const names = ContainerDefinitions.flatMap(({ Secrets = [] }) => Secrets.map(({ Name }) => Name));
    uses.set(service, new Set([...(uses.get(service) ?? []), ...names]));
  }
  return uses;
}

export function usersOf(name: string, uses: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return [...uses]
    .filter(([, names]) => names.has(name))
    .map(([service]) => service)
    .sort();
}

export function namesIn(uses: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return [...new Set([...uses.values()].flatMap((names) => [...names]))].sort();
}
