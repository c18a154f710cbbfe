import { ApiError, type KubeClient, type LiveObject } from '@berth/kube';
import { deployNotes, deploysIn, lastDeployIn, type LastDeploy } from '../deploy-notes';
import { recordManager } from './names';

/**
 * Notes on the environment's namespace what was deployed just now, and what before.
 * @param earlier newest first
 */
export async function noteDeploys(
  client: KubeClient,
  environment: string,
  last: Omit<LastDeploy, 'at'>,
  earlier: readonly LastDeploy[],
): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', name: environment };
  const annotations = deployNotes({ ...last, at: client.now().toISOString() }, earlier);
  try {
    await client.patch(namespace, { metadata: { annotations } }, { fieldManager: recordManager });
  } catch (error) {
    // The record says it all: who may write that, and not the namespace, deploys all the same.
    if (!(error instanceof ApiError && (error.status === 403 || error.status === 404))) throw error;
  }
}

/** The note on a namespace; undefined where there is none, or none that makes sense. */
export function lastDeployOf({ metadata }: LiveObject): LastDeploy | undefined {
  return lastDeployIn(metadata.annotations);
}

/** The deploys that are noted on a namespace, newest first; what makes no sense is left out. */
export function deploysOf({ metadata }: LiveObject): LastDeploy[] {
  return deploysIn(metadata.annotations);
}
