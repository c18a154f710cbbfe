import fc from 'fast-check';
import { Histories } from './histories';
import { LatencyRing, mostPoints, pointMs, stretchOf, summary, type Point } from './latency-ring';

const noon = Date.parse('2026-01-02T12:00:00Z');
const point = (fields: Partial<Point> = {}): Point => ({
  succeeded: 1,
  failed: 0,
  median: 1,
  p95: 1,
  max: 1,
  ...fields,
});
const points = fc.record({
  succeeded: fc.integer({ min: 1, max: 255 }),
  failed: fc.integer({ min: 0, max: 255 }),
  median: fc.integer({ min: 0, max: 65_535 }).map((tenths) => tenths / 10),
  p95: fc.integer({ min: 0, max: 65_535 }).map((tenths) => tenths / 10),
  max: fc.integer({ min: 0, max: 65_535 }).map((tenths) => tenths / 10),
});

describe('the ring', () => {
  it('has what a list without any limit would have of the last day', () => {
    const step = fc.tuple(fc.integer({ min: -400, max: 400 }), points);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), fc.array(step, { maxLength: 60 }), (start, steps) => {
        const ring = new LatencyRing();
        const model = new Map<number, Point>();
        let stretch = start;
        for (const [distance, value] of steps) {
          stretch = Math.max(0, stretch + distance);
          for (const each of model.keys())
            if (each > stretch || each <= stretch - mostPoints) model.delete(each);
          model.set(stretch, value);
          ring.put(stretch, value);
          expect(ring.newest).toBe(stretch);
          expect([...ring.points()]).toEqual([...model].sort(([one], [other]) => one - other));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('holds what is more than it can write at its limit', () => {
    const ring = new LatencyRing();
    ring.put(7, point({ succeeded: 1_000, failed: 1_000, max: 90_000 }));
    expect(ring.get(7)).toMatchObject({ succeeded: 255, failed: 255, max: 6_553.5 });
  });
});

it('takes times that probes really took', () => {
  const times = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(summary(times, 2)).toEqual({ succeeded: 100, failed: 2, median: 50, p95: 95, max: 100 });
  expect(summary([3], 0)).toEqual({ succeeded: 1, failed: 0, median: 3, p95: 3, max: 3 });
  expect(summary([], 4)).toEqual({ succeeded: 0, failed: 4, median: 0, p95: 0, max: 0 });
});

describe('histories', () => {
  it('have a point for each five minutes, the one that is not over too', () => {
    const histories = new Histories();
    for (const ms of [1, 2, 30]) histories.add('a', noon, ms);
    histories.add('a', noon + pointMs - 1, undefined);
    histories.add('a', noon + 2 * pointMs, 4);
    expect(histories.points('a', noon + 2 * pointMs)).toEqual([
      [noon, { succeeded: 3, failed: 1, median: 2, p95: 30, max: 30 }],
      [noon + 2 * pointMs, point({ median: 4, p95: 4, max: 4 })],
    ]);
    expect(histories.points('b', noon)).toEqual([]);
  });

  it('go back a day', () => {
    const histories = new Histories();
    histories.add('a', noon, 1);
    expect(histories.points('a', noon + (mostPoints - 1) * pointMs)).toHaveLength(1);
    expect(histories.points('a', noon + mostPoints * pointMs)).toEqual([]);
  });

  it('go on after a restart where they were, within five minutes too', () => {
    const before = new Histories();
    for (const ms of [1, 2, 3]) before.add('a', noon, ms);
    const after = new Histories();
    after.restore(before.records(), noon);
    after.add('a', noon + 1_000, 50);
    after.add('a', noon + 2_000, undefined);
    expect(after.points('a', noon)).toEqual([
      [noon, { succeeded: 4, failed: 1, median: 2, p95: 3, max: 50 }],
    ]);
    // Asked for or written, it is as it was.
    expect([...after.records()]).toEqual([...after.records()]);
    expect(before.points('a', noon)).toEqual([
      [noon, { succeeded: 3, failed: 0, median: 2, p95: 3, max: 3 }],
    ]);
  });

  it('are not believed when they are of a time to come', () => {
    const before = new Histories();
    before.add('a', noon + pointMs, 1);
    const after = new Histories();
    after.restore(before.records(), noon);
    expect(after.size).toBe(0);
  });

  it('forget what is asked no more after an hour, and nothing that is', () => {
    const histories = new Histories();
    histories.add('gone', noon, 1);
    histories.add('asked', noon, 1);
    const asked = new Set(['asked']);
    histories.forget(asked, noon + 3_600_000);
    expect(histories.size).toBe(2);
    histories.forget(asked, noon + 3_600_000 + pointMs + 1);
    expect([...histories.records()].map(({ id }) => id)).toEqual(['asked']);
  });
});

it('belongs to one stretch from its first to its last millisecond', () => {
  expect([noon, noon + pointMs - 1, noon + pointMs].map((time) => stretchOf(time) - stretchOf(noon))).toEqual(
    [0, 0, 1],
  );
});
