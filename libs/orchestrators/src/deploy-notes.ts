import type { DeployRecord } from '@berth/deploy';

/** What may be known of a deploy by who reads no record: not why it failed, which may quote a log. */
export interface LastDeploy extends Pick<
  DeployRecord,
  'number' | 'author' | 'outcome' | 'commit' | 'restores'
> {
  /** When it ended, by the clock of what runs it (RFC 3339). */
  at: string;
}

/** What was deployed last, as JSON: an annotation or a label of what stands for the environment. */
export const lastDeployNote = 'berth.dev/last-deploy';
/** The deploys that can be brought back and those between, the newest first, as JSON. */
export const deploysNote = 'berth.dev/deploys';

/** Bytes of the history: ten deploys take a third of it, and everybody who watches environments holds it. */
const mostBytes = 4_096;

/**
 * The notes of what was deployed just now, and what before. The whole history is written each time, so it is right again
 * after a deploy that could not note itself.
 * @param earlier newest first
 */
export function deployNotes(last: LastDeploy, earlier: readonly LastDeploy[]): Record<string, string> {
  const note = noteOf(last);
  return {
    [lastDeployNote]: JSON.stringify(note),
    [deploysNote]: historyText([note, ...earlier.map(noteOf)]),
  };
}

/** The last deploy that is noted; undefined where there is none, or none that makes sense. */
export function lastDeployIn(notes: Readonly<Record<string, string>> = {}): LastDeploy | undefined {
  return deployIn(parsed(notes[lastDeployNote]));
}

/** The deploys that are noted, newest first; what makes no sense is left out. */
export function deploysIn(notes: Readonly<Record<string, string>> = {}): LastDeploy[] {
  const noted = parsed(notes[deploysNote]);
  const deploys = (Array.isArray(noted) ? noted : []).flatMap((each) => deployIn(each) ?? []);
  const last = lastDeployIn(notes);
  // An older Berth notes the last one only.
  const isIn = !last || deploys.some(({ number }) => number === last.number);
  return [...(isIn ? [] : [last]), ...deploys].sort((one, other) => other.number - one.number);
}

/** What is to be noted of these records, newest first. One that cannot be read says nothing. */
export function notesOf(records: readonly (DeployRecord & { at: string })[]): LastDeploy[] {
  return records
    .filter(({ outcome }) => outcome !== 'unreadable')
    .sort((one, other) => other.number - one.number);
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
