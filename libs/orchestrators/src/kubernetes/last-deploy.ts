import type { DeployRecord } from '@berth/deploy';
import { ApiError, type KubeClient, type LiveObject } from '@berth/kube';
import { lastDeployAnnotation, recordManager } from './names';

/** What may be known of a deploy by who reads no Secret: not why it failed, which may quote a log. */
export interface LastDeploy extends Pick<DeployRecord, 'number' | 'author' | 'outcome' | 'commit'> {
  /** When it ended, by the API server's clock (RFC 3339). */
  at: string;
}

/** Notes on the environment's namespace what was deployed just now. */
export async function noteLastDeploy(
  client: KubeClient,
  environment: string,
  { number, author, outcome, commit }: Omit<LastDeploy, 'at'>,
): Promise<void> {
  const note = { number, at: client.now().toISOString(), author, outcome, ...(commit ? { commit } : {}) };
  const namespace = { apiVersion: 'v1', kind: 'Namespace', name: environment };
  const annotations = { [lastDeployAnnotation]: JSON.stringify(note) };
  try {
    await client.patch(namespace, { metadata: { annotations } }, { fieldManager: recordManager });
  } catch (error) {
    // The record says it all: who may write that, and not the namespace, deploys all the same.
    if (!(error instanceof ApiError && (error.status === 403 || error.status === 404))) throw error;
  }
}

/** The note on a namespace; undefined where there is none, or none that makes sense. */
export function lastDeployOf({ metadata }: LiveObject): LastDeploy | undefined {
  const note = readNote(metadata.annotations?.[lastDeployAnnotation]);
  if (!note) return undefined;
  const { number, at, author, outcome, commit } = note;
  const isComplete =
    Number.isInteger(number) &&
    typeof author === 'string' &&
    !Number.isNaN(Date.parse(String(at))) &&
    outcomes.has(String(outcome)) &&
    (commit === undefined || typeof commit === 'string');
  return isComplete
    ? ({ number, at, author, outcome, ...(commit ? { commit } : {}) } as LastDeploy)
    : undefined;
}

const outcomes = new Set(['succeeded', 'failed', 'interrupted']);

function readNote(text: string | undefined): Partial<Record<keyof LastDeploy, unknown>> | undefined {
  try {
    const note: unknown = JSON.parse(text ?? '');
    return typeof note === 'object' && note !== null ? note : undefined;
  } catch {
    return undefined;
  }
}
