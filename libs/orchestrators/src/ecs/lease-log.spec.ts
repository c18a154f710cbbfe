import fc from 'fast-check';
import { entryOf, holdAfter, type DatedEntry } from './lease-log';

const start = Date.parse('2026-01-02T12:00:00Z');
const entry = (
  version: number,
  kind: DatedEntry['kind'],
  id: string,
  seconds: number,
  difference: Partial<DatedEntry> = {},
): DatedEntry => ({
  version,
  kind,
  id,
  holder: `${id}@laptop`,
  seconds: 60,
  at: new Date(start + seconds * 1000),
  ...difference,
});
const holder = (...entries: DatedEntry[]) => holdAfter(entries)?.id;

it('gives it to the first claim, and to the next once that was released or is over', () => {
  const ana = entry(1, 'claim', 'ana', 0);
  expect(holder(ana, entry(2, 'claim', 'ben', 1))).toBe('ana');
  expect(holder(ana, entry(2, 'release', 'ana', 1))).toBeUndefined();
  expect(holder(ana, entry(2, 'release', 'ana', 1), entry(3, 'claim', 'ben', 2))).toBe('ben');
  expect(holder(ana, entry(2, 'claim', 'ben', 60))).toBe('ben');
  expect(holder(ana, entry(2, 'renewal', 'ana', 50), entry(3, 'claim', 'ben', 61))).toBe('ana');
});

it('gives nothing for a release or a renewal of somebody who does not hold it', () => {
  const ana = entry(1, 'claim', 'ana', 0);
  expect(holder(ana, entry(2, 'release', 'ben', 1))).toBe('ana');
  expect(holder(ana, entry(2, 'claim', 'ben', 61), entry(3, 'renewal', 'ana', 62))).toBe('ben');
  expect(holder(entry(1, 'renewal', 'ana', 0))).toBeUndefined();
});

it('knows a holder whose claim AWS keeps no longer by the renewals', () => {
  expect(holder(entry(101, 'renewal', 'ana', 0), entry(102, 'claim', 'ben', 5))).toBe('ana');
});

it('passes over what is no entry', () => {
  expect(entryOf('hello', 1, new Date(start))).toEqual([]);
  expect(entryOf('{"kind":"claim"}', 1, new Date(start))).toEqual([]);
});

it('never has two that believe to hold it at the same time, whatever is written', () => {
  const written = fc.record({
    kind: fc.constantFrom('claim' as const, 'renewal' as const, 'release' as const),
    id: fc.constantFrom('ana', 'ben', 'eve'),
    pause: fc.integer({ min: 0, max: 90 }),
  });
  fc.assert(
    fc.property(fc.array(written, { maxLength: 30 }), (list) => {
      let seconds = 0;
      const entries = list.map(({ kind, id, pause }, index) => {
        seconds += pause;
        return entry(index + 1, kind, id, seconds);
      });
      // Each believes what it read up to its own entry, until that hold is over or it has given it back.
      const beliefs = entries.flatMap((each, index) => {
        const hold = holdAfter(entries.slice(0, index + 1));
        return hold?.id === each.id ? [{ id: each.id, from: each.at, to: hold.expires, index }] : [];
      });
      for (const one of beliefs)
        for (const other of beliefs) {
          if (one.id === other.id || one.index > other.index) continue;
          const isReleased = entries
            .slice(one.index, other.index)
            .some(({ kind, id }) => kind === 'release' && id === one.id);
          expect(isReleased || other.from >= one.to).toBe(true);
        }
    }),
  );
});
