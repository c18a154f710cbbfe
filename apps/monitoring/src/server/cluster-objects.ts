import type { LiveObject } from '@berth/kube';
import type { Observed } from '@berth/orchestrators';
import type { Kind, ObservedChanges } from './observe';

/** Everything of one environment. */
export interface EnvironmentObjects extends Observed {
  namespace: LiveObject;
  /** That of a deploy. */
  lease: LiveObject | undefined;
  pods: readonly LiveObject[];
}

/** The routes' own table keeps EndpointSlices. */
const kinds = [
  'namespaces',
  'deployments',
  'statefulSets',
  'daemonSets',
  'replicaSets',
  'pods',
  'services',
  'events',
  'leases',
] as const satisfies readonly Kind[];
type HeldKind = (typeof kinds)[number];

/** By key. */
type Group = Partial<Record<HeldKind, Map<string, LiveObject>>>;

/** The objects of a cluster by the namespace that they are of, kept current: an environment is found without a walk through all. */
export class ClusterObjects {
  readonly #groups = new Map<string, Group>();
  readonly #revisions = new Map<string, number>();
  #revision = 0;

  /** Takes in what has changed. @returns the namespaces of which it is */
  take(changes: Pick<ObservedChanges, HeldKind>): Set<string> {
    const touched = new Set<string>();
    for (const kind of kinds) {
      for (const [key, object] of changes[kind]) {
        const namespace = kind === 'namespaces' ? key.slice(1) : namespaceOf(key);
        this.#set(namespace, kind, key, object);
        touched.add(namespace);
      }
    }
    for (const namespace of touched) {
      if (this.#groups.has(namespace)) this.#revisions.set(namespace, ++this.#revision);
      else this.#revisions.delete(namespace);
    }
    return touched;
  }

  /** Names of all environments; in no order. */
  environments(): string[] {
    return [...this.#groups].filter(([, { namespaces }]) => namespaces).map(([name]) => name);
  }

  /** Other than before whenever an object of the namespace may be. */
  revision(namespace: string): number {
    return this.#revisions.get(namespace) ?? 0;
  }

  /**
   * Undefined when the namespace is no environment, or not there. Objects of a kind are by name, as the API server lists
   * them: what is said of them must not depend on which came first.
   */
  environment(name: string): EnvironmentObjects | undefined {
    const namespace = this.namespace(name);
    if (!namespace) return undefined;
    return {
      namespace,
      lease: this.#of(name, 'leases')[0],
      workloads: this.workloads(name),
      replicaSets: this.#of(name, 'replicaSets'),
      pods: this.#of(name, 'pods'),
      events: this.#of(name, 'events'),
    };
  }

  namespace(name: string): LiveObject | undefined {
    return this.#groups.get(name)?.namespaces?.get(`/${name}`);
  }

  workloads(namespace: string): LiveObject[] {
    return (['deployments', 'statefulSets', 'daemonSets'] as const).flatMap((kind) =>
      this.#of(namespace, kind),
    );
  }

  services(namespace: string): LiveObject[] {
    return this.#of(namespace, 'services');
  }

  #of(namespace: string, kind: HeldKind): LiveObject[] {
    const objects = [...(this.#groups.get(namespace)?.[kind]?.values() ?? [])];
    return objects.sort((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1));
  }

  #set(namespace: string, kind: HeldKind, key: string, object: LiveObject | undefined): void {
    const group = this.#groups.get(namespace) ?? {};
    const objects = group[kind];
    if (object) {
      this.#groups.set(namespace, group);
      if (objects) objects.set(key, object);
      else group[kind] = new Map([[key, object]]);
    } else if (objects?.delete(key) && objects.size === 0) {
      delete group[kind];
      if (Object.keys(group).length === 0) this.#groups.delete(namespace);
    }
  }
}

/** @param key `<namespace>/<name>` */
export function namespaceOf(key: string): string {
  return key.slice(0, key.indexOf('/'));
}
