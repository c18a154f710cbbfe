import fc from 'fast-check';
import { ServerClock } from './server-clock';

/** As a server's header says it: without the milliseconds. */
const header = (time: number) => new Date(time).toUTCString();

describe('the clock of a server', () => {
  const start = Date.parse('2026-01-01T00:00:00Z');
  beforeEach(() => jest.useFakeTimers({ now: start }));
  afterEach(() => jest.useRealTimers());

  it('is ours as long as it has not answered, or its answers have no date', () => {
    const clock = new ServerClock();
    clock.learn(undefined, start, start + 1);
    clock.learn('soon', start, start + 1);
    expect(clock.now().getTime()).toBe(start);
  });

  it('is never further off than one answer leaves open', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 60 });
    const ahead = fc.integer({ min: -86_400_000, max: 86_400_000 });
    fc.assert(
      fc.property(ahead, gaps, fc.integer({ min: 0, max: 200 }), (offset, times, latency) => {
        const clock = new ServerClock();
        let now = start;
        for (const gap of times) {
          now += gap;
          clock.learn(header(now + latency / 2 + offset), now, now + latency);
          jest.setSystemTime(now);
          const error = Math.abs(clock.now().getTime() - (now + offset));
          expect(error).toBeLessThanOrEqual(500 + latency);
        }
      }),
    );
  });

  it('does not go back from one answer to the next', () => {
    const clock = new ServerClock();
    for (const time of [0, 990, 1010, 1990, 2010])
      clock.learn(header(start + time), start + time, start + time);
    const read = (time: number) => {
      jest.setSystemTime(start + time);
      clock.learn(header(start + time), start + time, start + time);
      return clock.now().getTime();
    };
    const readings = [2020, 2500, 2999, 3000, 3001, 3400].map(read);
    expect(readings).toEqual([...readings].sort((one, other) => one - other));
    expect(Math.abs((readings.at(-1) ?? 0) - (start + 3400))).toBeLessThanOrEqual(15);
  });

  it('follows when one of the two clocks is set', () => {
    const clock = new ServerClock();
    clock.learn(header(start), start, start);
    clock.learn(header(start + 3_600_000), start + 10, start + 10);
    expect(Math.abs(clock.now().getTime() - (start + 3_600_000))).toBeLessThanOrEqual(500);
  });
});
