import { useMemo, useSyncExternalStore } from 'react';

/** Two environments that are compared; an empty name: not chosen yet. */
export interface Compared {
  one: string;
  other: string;
}

/**
 * The part of the page's address that says so, to be shared and to survive a reload.
 * @example `#compare/staging/prod`
 */
export function addressOf({ one, other }: Compared): string {
  return `#compare/${encodeURIComponent(one)}/${encodeURIComponent(other)}`;
}

/** Undefined where the address says nothing of it. */
export function comparedIn(hash: string): Compared | undefined {
  const [what, one = '', other = ''] = hash.split('/');
  if (what !== '#compare') return undefined;
  try {
    return { one: decodeURIComponent(one), other: decodeURIComponent(other) };
  } catch {
    // Somebody has cut it off within a character.
    return { one: '', other: '' };
  }
}

/** What the address of the page asks to be compared. */
export function useCompared(): Compared | undefined {
  const hash = useSyncExternalStore(watchHash, () => location.hash);
  return useMemo(() => comparedIn(hash), [hash]);
}

function watchHash(onChange: () => void): () => void {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
}
