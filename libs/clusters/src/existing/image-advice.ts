import { isOnThisMachine, type AnnouncedRegistry } from './local-registry';
import { products, titleOf } from './products';
import type { Recognised } from './traits';

/**
 * What to do when nodes do not get an image; undefined when this cluster has no way of its own.
 * @param image as the pod names it, for example `localhost:5000/berth/web@sha256:…`, or `postgres:17`
 */
export function imageAdvice(
  image: string,
  recognised: Recognised | undefined,
  announced: AnnouncedRegistry | undefined,
): string | undefined {
  const host = image.split('/')[0] ?? '';
  if (announced && isOnThisMachine(host) && host !== announced.host)
    return `The cluster announces its registry as ${announced.host}: set "registry": "${announced.host}/…" in the options of @berth/nx in nx.json, then nx sync.`;
  if (!recognised) return undefined;
  const product = products[recognised.product];
  if (isOnThisMachine(host) && !announced)
    return `The nodes of ${titleOf(recognised)} must reach ${host}; ${product.registry(recognised.name)}.`;
  const load = image.includes('@') ? undefined : product.load?.(image, recognised.name);
  return load === undefined ? undefined : `To bring it there without a registry: ${load}`;
}

/** The image that a node says it did not get, of the message of a pod or its event. */
export function imageInMessage(message: string): string | undefined {
  if (!/ErrImagePull|ImagePullBackOff|ErrImageNeverPull/.test(message)) return undefined;
  return /(?:image|reference) "([^"\s]+)"/.exec(message)?.[1];
}
