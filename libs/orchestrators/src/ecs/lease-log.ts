/**
 * A lease as a log: every version of one parameter is an entry that nobody changes any more, numbered by AWS and dated by
 * its clock. Whoever reads the same versions comes to the same holder, so that a claim needs no comparison that
 * Systems Manager does not have: it is written, and then read whether it was the first.
 */
export interface LeaseEntry {
  /** One hold by one process: no two are the same. */
  id: string;
  /** For example `ana@laptop`. */
  holder: string;
  kind: 'claim' | 'renewal' | 'release';
  /** Seconds that it holds from this entry on. */
  seconds: number;
}

export interface DatedEntry extends LeaseEntry {
  version: number;
  at: Date;
}

export interface Hold {
  id: string;
  holder: string;
  since: Date;
  expires: Date;
}

/**
 * Who holds the lease after these entries, whether or not that is over by now. Pure.
 * @param entries all that AWS still has, in the order of their versions. It keeps a hundred: where the first has gone, a
 * renewal tells of a claim that is seen no more.
 */
export function holdAfter(entries: readonly DatedEntry[]): Hold | undefined {
  const isCut = (entries[0]?.version ?? 1) > 1;
  let hold: Hold | undefined;
  for (const { id, holder, kind, seconds, at } of entries) {
    const isOver = !hold || hold.expires <= at;
    const expires = new Date(at.getTime() + seconds * 1000);
    if (hold && !isOver && hold.id === id) {
      hold = kind === 'release' ? undefined : { ...hold, expires };
    } else if (isOver && (kind === 'claim' || (kind === 'renewal' && isCut && !hold))) {
      hold = { id, holder, since: at, expires };
    }
  }
  return hold;
}

/** The versions that can be read as entries: what somebody else has written there holds nothing. */
export function entryOf(value: string, version: number, at: Date): DatedEntry[] {
  try {
    const { id, holder, kind, seconds } = JSON.parse(value) as Partial<LeaseEntry>;
    if (!id || !holder || !seconds || !kind) return [];
    return [{ id, holder, kind, seconds, version, at }];
  } catch {
    return [];
  }
}
