import type { DeployRecord } from '@berth/deploy';

/** How many records an environment keeps. */
const KEPT = 10;
/** Of what is stored; raised when an older Berth could not make sense of a new record. One without it has 1. */
export const RECORD_FORMAT = 1;

/** A record as it is stored, under a number that is no part of it. */
export type StoredRecord = Omit<DeployRecord, 'number'> & { format?: number };

/**
 * What is stored under a number. One record that nobody can read stops neither a deploy nor a status.
 * @param time when it was stored, RFC 3339; all that is known of one that cannot be read
 */
export function readRecord(number: number, time: string, read: () => StoredRecord): DeployRecord {
  try {
    const { format = 1, ...record } = read();
    if (format <= RECORD_FORMAT) return { ...record, number };
    return unreadable(
      number,
      time,
      `It has format ${format}, from a newer Berth; this one reads ${RECORD_FORMAT}.`,
    );
  } catch (error) {
    return unreadable(number, time, `It is damaged: ${(error as Error).message}`);
  }
}

function unreadable(number: number, time: string, failure: string): DeployRecord {
  const nothing = { author: 'unknown', images: {}, changes: [], set: '' };
  return { number, outcome: 'unreadable', startedAt: time, finishedAt: time, failure, ...nothing };
}

/** Numbers of the records that go: those beyond the newest ten, but for the last good one, which a failed deploy goes back to. */
export function outdatedRecords(all: readonly Pick<DeployRecord, 'number' | 'outcome'>[]): Set<number> {
  const newest = Math.max(...all.map(({ number }) => number));
  const good = all.filter(({ outcome }) => outcome === 'succeeded').map(({ number }) => number);
  const lastGood = Math.max(...good);
  const isOld = (number: number) => number <= newest - KEPT && number !== lastGood;
  return new Set(all.map(({ number }) => number).filter(isOld));
}
