import { isPrunable, objectDigest, referenceOf } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import { kubernetesKinds } from './kinds';
import { applySetId, partOfLabel, specHashAnnotation } from './names';

/**
 * The object as it is sent: in the environment's namespace, a member of its inventory (what is never pruned is not), and
 * with the hash of all that was asked for. The hash makes a field that is no longer asked for a difference too.
 */
export function stamp(object: KubernetesObject, environment: string, namespaced: boolean): KubernetesObject {
  const { metadata } = object;
  const labels = isPrunable(referenceOf(object), kubernetesKinds)
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
  return {
    ...placed,
    metadata: {
      ...placed.metadata,
      annotations: { ...metadata.annotations, [specHashAnnotation]: objectDigest(placed) },
    },
  };
}
