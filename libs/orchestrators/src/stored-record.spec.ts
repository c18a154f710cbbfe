import { outdatedRecords, readRecord, RECORD_FORMAT, type StoredRecord } from './stored-record';

const record: StoredRecord = {
  author: 'ana@laptop',
  startedAt: '2026-01-02T12:00:00Z',
  finishedAt: '2026-01-02T12:01:00Z',
  images: {},
  outcome: 'succeeded',
  changes: [],
  set: 'abc',
};
const time = '2026-01-02T12:01:02Z';

describe('a stored record', () => {
  it('is read with its number, and without its format; one without a format is of the first', () => {
    expect(readRecord(7, time, () => ({ ...record, format: RECORD_FORMAT }))).toEqual({
      ...record,
      number: 7,
    });
    expect(readRecord(7, time, () => record)).toEqual({ ...record, number: 7 });
  });

  it.each([
    [
      'of a newer Berth',
      () => ({ ...record, format: RECORD_FORMAT + 1 }),
      /from a newer Berth; this one reads 1/,
    ],
    ['that is damaged', () => JSON.parse('{') as StoredRecord, /^It is damaged: /],
  ])('%s says so, and when it was stored', (_, read, failure) => {
    expect(readRecord(7, time, read)).toEqual({
      number: 7,
      outcome: 'unreadable',
      startedAt: time,
      finishedAt: time,
      failure: expect.stringMatching(failure),
      author: 'unknown',
      images: {},
      changes: [],
      set: '',
    });
  });
});

describe('the records that go', () => {
  const outcomes = (good: readonly number[], count: number) =>
    Array.from({ length: count }, (_, index) => ({
      number: index + 1,
      outcome: good.includes(index + 1) ? ('succeeded' as const) : ('failed' as const),
    }));
  const numbers = (good: readonly number[], count: number) => [...outdatedRecords(outcomes(good, count))];

  it.each([
    ['none up to ten', [1, 2], 10, []],
    ['those before the newest ten', [12], 12, [1, 2]],
    ['but for the last good one', [1, 2], 13, [1, 3]],
    ['all of them where none was good', [], 12, [1, 2]],
  ])('%s', (_, good, count, gone) => {
    expect(numbers(good, count)).toEqual(gone);
  });
});
