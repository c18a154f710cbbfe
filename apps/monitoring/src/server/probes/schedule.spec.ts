import fc from 'fast-check';
import { Schedule } from './schedule';

const periodMs = 1_000;
const tickMs = 10;

/** What a schedule does in some time: the turns of each key. */
function run(options: { keys: number; perTick: number; ticks: number; takes: number; random: () => number }) {
  const { keys, perTick, ticks, takes, random } = options;
  const schedule = new Schedule({ firstMs: 200, random });
  schedule.keep(
    Array.from({ length: keys }, (_, index) => `target-${index}`),
    0,
  );
  const turns = new Map<string, number[]>();
  const running: { key: string; started: number; ends: number }[] = [];
  let most = 0;
  for (let now = 0; now < ticks * tickMs; now += tickMs) {
    for (const each of running.filter(({ ends }) => ends <= now)) {
      running.splice(running.indexOf(each), 1);
      schedule.done(each.key, each.started, periodMs);
    }
    const taken = schedule.take(now, perTick);
    most = Math.max(most, taken.length);
    for (const key of taken) {
      if (running.some((each) => each.key === key)) throw new Error(`${key} runs already`);
      running.push({ key, started: now, ends: now + takes });
      turns.set(key, [...(turns.get(key) ?? []), now]);
    }
  }
  return { turns, most };
}

/** Numbers from 0 to 1, always the same for a seed. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (state * 1_664_525 + 1_013_904_223) >>> 0) / 2 ** 32;
}

const scenario = fc.record({
  keys: fc.integer({ min: 1, max: 60 }),
  perTick: fc.integer({ min: 1, max: 5 }),
  takes: fc.integer({ min: 0, max: 300 }),
  random: fc.integer().map(numbers),
});

it('gives every key its turn, none twice at a time or before its time, and no more at a time than are wanted', () => {
  fc.assert(
    fc.property(scenario, ({ keys, perTick, takes, random }) => {
      const { turns, most } = run({ keys, perTick, takes, random, ticks: 500 });
      expect(turns.size).toBe(keys);
      expect(most).toBeLessThanOrEqual(perTick);
      // A whole round where there are too many, else the period; and a tick for each of the two ends.
      const longest =
        Math.max(periodMs * 1.1, (keys / perTick) * tickMs + takes) + 2 * tickMs + keys * tickMs;
      for (const [first, ...others] of turns.values())
        for (const [index, time] of others.entries()) {
          const before = index === 0 ? first! : others[index - 1]!;
          expect(time - before).toBeGreaterThanOrEqual(periodMs * 0.9);
          expect(time - before).toBeLessThanOrEqual(longest);
        }
    }),
    { numRuns: 40 },
  );
});

it('spreads those that began together', () => {
  const { turns } = run({ keys: 50, perTick: 50, takes: 0, ticks: 1_000, random: numbers(7) });
  const last = [...turns.values()].map((times) => times.at(-1)! % periodMs);
  expect(new Set(last).size).toBeGreaterThan(20);
});

it('serves all alike when there are more than can have their turn', () => {
  const { turns } = run({ keys: 500, perTick: 1, takes: 0, ticks: 1_500, random: numbers(7) });
  const counts = [...turns.values()].map((times) => times.length);
  expect(counts).toHaveLength(500);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
});

it('forgets what is gone, and takes what is new without moving the others', () => {
  const schedule = new Schedule({ firstMs: 100, random: () => 0.5 });
  schedule.keep(['one', 'other'], 0);
  expect(schedule.take(49, 9)).toEqual([]);
  expect(schedule.take(50, 9)).toEqual(['one', 'other']);
  schedule.keep(['other', 'new'], 60);
  schedule.done('one', 50, periodMs);
  schedule.done('other', 50, periodMs);
  expect(schedule.take(110, 9)).toEqual(['new']);
  expect(schedule.take(1_049, 9)).toEqual([]);
  expect(schedule.take(1_050, 9)).toEqual(['other']);
});
