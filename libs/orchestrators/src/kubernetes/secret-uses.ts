import { SECRETS_NAME, type KubernetesObject } from '@berth/manifests';
import { referencesOf, templateOf } from './references';
import { serviceOf } from './workloads';

/** What the pods of one workload have of the environment's Secret. */
export interface SecretUse {
  service: string;
  /** Keys that become variables of the environment. */
  variables: ReadonlySet<string>;
  /** Whether they have all of it, as a volume or by `envFrom`. */
  whole: boolean;
}

export function secretUseOf(object: KubernetesObject): SecretUse {
  const references = referencesOf(object.metadata.name, templateOf(object)).filter(
    ({ kind, name }) => kind === 'Secret' && name === SECRETS_NAME,
  );
  return {
    service: serviceOf(object),
    variables: new Set(references.flatMap(({ key }) => key ?? [])),
    whole: references.some(({ key }) => key === undefined),
  };
}

export function usesSecret({ whole, variables }: SecretUse, name: string): boolean {
  return whole || variables.has(name);
}

/** The services that use a key, sorted; one that is in the set and deployed counts once. */
export function usersOf(name: string, uses: readonly SecretUse[]): string[] {
  const services = uses.filter((use) => usesSecret(use, name)).map(({ service }) => service);
  return [...new Set(services)].sort();
}

/** Every key that is named, sorted. */
export function namedKeys(uses: readonly SecretUse[]): string[] {
  return [...new Set(uses.flatMap(({ variables }) => [...variables]))].sort();
}
