import type { LiveObject } from '@berth/kube';
import { secretNotesAnnotation } from './names';

/** When a key was set, and by whom. The value takes no part: a hash of a short one could be guessed from it. */
export interface SecretNote {
  /** RFC 3339. */
  at: string;
  by?: string;
}

type Notes = Record<string, SecretNote>;

/** The notes on the environment's Secret, by key. What cannot be read counts as none. */
export function notesOf(secret: LiveObject | undefined): Notes {
  try {
    const written: unknown = JSON.parse(secret?.metadata.annotations?.[secretNotesAnnotation] ?? '{}');
    const entries = Object.entries(written as Record<string, Partial<SecretNote> | null>);
    return Object.fromEntries(
      entries.filter((entry): entry is [string, SecretNote] => typeof entry[1]?.at === 'string'),
    );
  } catch {
    return {};
  }
}

/** When a key came that nobody has noted: what its field manager wrote last. */
export function managedAt(secret: LiveObject, key: string): string | undefined {
  const owner = (secret.metadata.managedFields ?? []).find(
    ({ fieldsV1 }) =>
      (fieldsV1?.['f:data'] as object | undefined) && `f:${key}` in (fieldsV1?.['f:data'] as object),
  );
  return owner?.time;
}

/** A time that is later than every earlier one, whatever became of the clock. */
export function nextTime(now: Date, notes: Notes): string {
  const last = Math.max(0, ...Object.values(notes).map(({ at }) => Date.parse(at) || 0));
  return new Date(Math.max(now.getTime(), last + 1)).toISOString();
}

/** The annotation that says what is there once these are set and those removed. */
export function notesAnnotation(
  notes: Notes,
  { set, removed, note }: { set: readonly string[]; removed: readonly string[]; note: SecretNote },
): Record<string, string> {
  const kept = Object.entries(notes).filter(([key]) => !removed.includes(key));
  const next = { ...Object.fromEntries(kept), ...Object.fromEntries(set.map((key) => [key, note])) };
  return { [secretNotesAnnotation]: JSON.stringify(next) };
}
