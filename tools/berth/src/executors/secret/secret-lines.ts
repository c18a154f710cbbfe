import type { SecretEntry } from '@berth/deploy';
import { columns } from '../columns';
import { age } from '../status/status-lines';

/** Secrets as a table: a line each, and never a value. */
export function secretLines(entries: readonly SecretEntry[], now: Date): string[] {
  if (entries.length === 0) return ['No service asks for a secret, and none is set.'];
  return columns(
    entries.map(({ name, isSet, setAt, setBy, usedBy }) => {
      const when = setAt ? ` ${age(setAt, now)} ago` : '';
      const state = isSet ? `set${when}${setBy ? ` by ${setBy}` : ''}` : 'not set';
      return [name, state, usedBy.length > 0 ? usedBy.join(', ') : 'used by no service'];
    }),
  );
}
