import type { KubernetesObject } from '@berth/manifests';
import { groupKinds, inventoryObject } from './inventory';
import { stamp } from './stamp';

/**
 * The objects of an environment as a deploy applies them, and the parent of its inventory: whoever applies them by the
 * field manager `berth` makes what a deploy makes, and the next deploy finds nothing to change. Pure.
 */
export function handedOver(environment: string, objects: readonly KubernetesObject[]): KubernetesObject[] {
  const stamped = objects.map((object) =>
    // As plan has it for a kind that no cluster has told of.
    stamp(object, environment, object.metadata.namespace !== undefined),
  );
  return [...stamped, inventoryObject(environment, groupKinds(objects))];
}
