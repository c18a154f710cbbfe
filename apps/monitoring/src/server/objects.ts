import type { LiveObject } from '@berth/kube';

/** Objects of a cluster by their namespace, in their order. */
export function byNamespace(objects: readonly LiveObject[]): (namespace: string) => LiveObject[] {
  const groups = new Map<string, LiveObject[]>();
  for (const object of objects) {
    const { namespace = '' } = object.metadata;
    const group = groups.get(namespace);
    if (group) group.push(object);
    else groups.set(namespace, [object]);
  }
  return (namespace) => groups.get(namespace) ?? [];
}

/** Whether two lists have the very same values: an object that has changed is another one. */
export function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}
