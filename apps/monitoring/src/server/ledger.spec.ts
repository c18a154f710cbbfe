import fc from 'fast-check';
import type { Entry, TableChange } from '../entries';
import { Ledger } from './ledger';

const entry = (oldSince: string): Entry => ({ oldSince });
const table = (entries: Record<string, string>) =>
  new Map(Object.entries(entries).map(([key, text]) => [key, entry(text)]));

/** Takes a whole table, of which it is told all, and what has gone. */
class Followed extends Ledger {
  #keys: string[] = [];

  follow(entries: ReadonlyMap<string, Entry>): boolean {
    const gone = this.#keys.filter((key) => !entries.has(key));
    this.#keys = [...entries.keys()];
    return this.update({ set: entries, gone });
  }
}

/** Takes what a message says. */
function take(
  entries: Map<string, Entry>,
  { event, set, gone }: ReturnType<Ledger['after']>,
): Map<string, Entry> {
  const change = JSON.parse(`{"set":${set},"gone":${gone}}`) as Pick<TableChange, 'set' | 'gone'>;
  const taken = new Map([...(event === 'snapshot' ? [] : entries), ...Object.entries(change.set)]);
  for (const key of change.gone) taken.delete(key);
  return taken;
}

it('tells what is new, other, and gone since a version', () => {
  const ledger = new Followed();
  expect(ledger.follow(table({ a: '1', b: '1', c: '1' }))).toBe(true);
  expect(ledger.follow(table({ a: '1', b: '2', d: '1' }))).toBe(true);
  expect(ledger.after(1)).toMatchObject({
    event: 'change',
    version: 2,
    set: '{"b":{"oldSince":"2"},"d":{"oldSince":"1"}}',
    gone: '["c"]',
  });
  expect(ledger.after(undefined)).toMatchObject({ event: 'snapshot', gone: '[]' });
  expect(ledger.after(99).event).toBe('snapshot');
});

it('has no new version when nothing is other than before', () => {
  const ledger = new Followed();
  ledger.follow(table({ a: '1' }));
  expect([ledger.follow(table({ a: '1' })), ledger.version]).toEqual([false, 1]);
});

it('brings everybody to the same table, however long they were away', () => {
  const anyTable = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.constantFrom('1', '2'));
  fc.assert(
    fc.property(
      fc.array(fc.record({ entries: anyTable, reads: fc.array(fc.nat(2)) }), { minLength: 1, maxLength: 20 }),
      fc.nat(3),
      (rounds, remembered) => {
        const ledger = new Followed(remembered);
        const readers = Array.from({ length: 3 }, () => ({
          version: undefined as number | undefined,
          entries: new Map<string, Entry>(),
        }));
        for (const { entries, reads } of rounds) {
          ledger.follow(table(entries));
          for (const index of reads) {
            const reader = readers[index]!;
            const message = ledger.after(reader.version);
            reader.entries = take(reader.entries, message);
            reader.version = message.version;
            expect(Object.fromEntries(reader.entries)).toEqual(Object.fromEntries(table(entries)));
          }
        }
      },
    ),
  );
});
