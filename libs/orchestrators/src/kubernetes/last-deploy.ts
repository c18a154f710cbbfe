import type { DeployRecord } from '@berth/deploy';
import { ApiError, type KubeClient, type LiveObject } from '@berth/kube';
import { deploysAnnotation, lastDeployAnnotation, recordManager } from './names';

/** What may be known of a deploy by who reads no Secret: not why it failed, which may quote a log. */
export interface LastDeploy extends Pick<
  DeployRecord,
  'number' | 'author' | 'outcome' | 'commit' | 'restores'
> {
  /** When it ended, by the API server's clock (RFC 3339). */
  at: string;
}

/** Bytes of the history: ten deploys take a third of it, and everybody who watches namespaces holds it. */
const mostBytes = 4_096;

/**
 * Notes on the environment's namespace what was deployed just now, and what before. The whole history is written each
 * time, so it is right again after a deploy that could not note itself.
 * @param earlier newest first
 */
export async function noteDeploys(
  client: KubeClient,
  environment: string,
  last: Omit<LastDeploy, 'at'>,
  earlier: readonly LastDeploy[],
): Promise<void> {
  const note = noteOf({ ...last, at: client.now().toISOString() });
  const namespace = { apiVersion: 'v1', kind: 'Namespace', name: environment };
  const annotations = {
    [lastDeployAnnotation]: JSON.stringify(note),
    [deploysAnnotation]: historyText([note, ...earlier.map(noteOf)]),
  };
  try {
    await client.patch(namespace, { metadata: { annotations } }, { fieldManager: recordManager });
  } catch (error) {
    // The record says it all: who may write that, and not the namespace, deploys all the same.
    if (!(error instanceof ApiError && (error.status === 403 || error.status === 404))) throw error;
  }
}

/** The note on a namespace; undefined where there is none, or none that makes sense. */
export function lastDeployOf({ metadata }: LiveObject): LastDeploy | undefined {
  return deployIn(parsed(metadata.annotations?.[lastDeployAnnotation]));
}

/** The deploys that are noted on a namespace, newest first; what makes no sense is left out. */
export function deploysOf(namespace: LiveObject): LastDeploy[] {
  const noted = parsed(namespace.metadata.annotations?.[deploysAnnotation]);
  const deploys = (Array.isArray(noted) ? noted : []).flatMap((each) => deployIn(each) ?? []);
  const last = lastDeployOf(namespace);
  // An older Berth notes the last one only.
  const isIn = !last || deploys.some(({ number }) => number === last.number);
  return [...(isIn ? [] : [last]), ...deploys].sort((one, other) => other.number - one.number);
}

/** Nothing but what is named here. */
function noteOf({ number, at, author, outcome, commit, restores }: LastDeploy): LastDeploy {
  return {
    number,
    at,
    author,
    outcome,
    ...(commit ? { commit } : {}),
    ...(restores === undefined ? {} : { restores }),
  };
}

/** As many of the newest as fit. */
function historyText(notes: readonly LastDeploy[]): string {
  const text = JSON.stringify(notes);
  return Buffer.byteLength(text) <= mostBytes ? text : historyText(notes.slice(0, -1));
}

const outcomes = new Set(['succeeded', 'failed', 'interrupted']);

function deployIn(noted: unknown): LastDeploy | undefined {
  if (typeof noted !== 'object' || noted === null) return undefined;
  const { number, at, author, outcome, commit, restores } = noted as Partial<
    Record<keyof LastDeploy, unknown>
  >;
  const isComplete =
    Number.isInteger(number) &&
    typeof author === 'string' &&
    !Number.isNaN(Date.parse(String(at))) &&
    outcomes.has(String(outcome)) &&
    (commit === undefined || typeof commit === 'string') &&
    (restores === undefined || Number.isInteger(restores));
  return isComplete ? noteOf(noted as LastDeploy) : undefined;
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
