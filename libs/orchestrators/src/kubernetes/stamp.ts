import { createHash } from 'node:crypto';
import { isPrunable, referenceOf } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import { applySetId, partOfLabel, specHashAnnotation } from './names';

/**
 * The object as it is sent: in the environment's namespace, a member of its inventory (what is never pruned is not), and
 * with the hash of all that was asked for. The hash makes a field that is no longer asked for a difference too.
 */
export function stamp(object: KubernetesObject, environment: string, namespaced: boolean): KubernetesObject {
  const { metadata } = object;
  const labels = isPrunable(referenceOf(object))
    ? { ...metadata.labels, [partOfLabel]: applySetId(environment) }
    : metadata.labels;
  const placed: KubernetesObject = {
    ...object,
    metadata: {
      ...metadata,
      ...(namespaced ? { namespace: metadata.namespace ?? environment } : {}),
      ...(labels ? { labels } : {}),
    },
  };
  const hash = createHash('sha256').update(canonical(placed)).digest('hex').slice(0, 32);
  return {
    ...placed,
    metadata: { ...placed.metadata, annotations: { ...metadata.annotations, [specHashAnnotation]: hash } },
  };
}

/** JSON with sorted keys, so that the order in which a file was written does not count. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) =>
    typeof field === 'object' && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([one], [other]) => (one < other ? -1 : 1)))
      : field,
  );
}
