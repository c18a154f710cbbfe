import { createHash } from 'node:crypto';
import type { KubernetesObject } from '@berth/manifests';
import { CONTENT_ANNOTATION } from '../control-plane/node';

/** Objects of an add-on, its Deployment annotated with a hash of them all. */
export function annotated(objects: readonly KubernetesObject[]): {
  content: string;
  objects: KubernetesObject[];
} {
  const content = createHash('sha256').update(JSON.stringify(objects)).digest('hex').slice(0, 16);
  return {
    content,
    objects: objects.map((object) =>
      object.kind === 'Deployment'
        ? {
            ...object,
            metadata: {
              ...object.metadata,
              annotations: { ...object.metadata.annotations, [CONTENT_ANNOTATION]: content },
            },
          }
        : object,
    ),
  };
}
