import fc from 'fast-check';
import { ServerClock } from './server-clock';

/** As a server's header says it: without the milliseconds. */
const header = (time: number) => new Date(time).toUTCString();

describe('the clock of a server', () => {
  const start = Date.parse('2026-01-01T00:00:00Z');
  beforeEach(() => jest.useFakeTimers({ now: start }));
  afterEach(() => jest.useRealTimers());

  /** An answer that begins now. @param ahead milliseconds by which the server's clock is ahead of ours */
  const answer = (clock: ServerClock, ahead = 0) =>
    clock.learn(header(Date.now() + ahead), performance.now(), performance.now());

  it('is ours as long as it has not answered, or its answers have no date', () => {
    const clock = new ServerClock();
    clock.learn(undefined, 0, 1);
    clock.learn('soon', 0, 1);
    expect(clock.now().getTime()).toBe(start);
  });

  it('is never further off than one answer leaves open', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 60 });
    const ahead = fc.integer({ min: -86_400_000, max: 86_400_000 });
    fc.assert(
      fc.property(ahead, gaps, fc.integer({ min: 0, max: 200 }), (offset, times, latency) => {
        const clock = new ServerClock();
        for (const gap of times) {
          jest.advanceTimersByTime(gap);
          const [now, sent] = [Date.now(), performance.now()];
          clock.learn(header(now + latency / 2 + offset), sent, sent + latency);
          const error = Math.abs(clock.now().getTime() - (now + offset));
          expect(error).toBeLessThanOrEqual(500 + latency);
          expect(clock.earliest().getTime()).toBeLessThanOrEqual(now + offset);
          expect(clock.latest().getTime()).toBeGreaterThanOrEqual(now + offset);
        }
      }),
    );
  });

  it('does not go back from one answer to the next', () => {
    const clock = new ServerClock();
    const read = (time: number) => {
      jest.advanceTimersByTime(start + time - Date.now());
      answer(clock);
      return clock.now().getTime();
    };
    for (const time of [0, 990, 1010, 1990, 2010]) read(time);
    const readings = [2020, 2500, 2999, 3000, 3001, 3400].map(read);
    expect(readings).toEqual([...readings].sort((one, other) => one - other));
    expect(Math.abs((readings.at(-1) ?? 0) - (start + 3400))).toBeLessThanOrEqual(15);
  });

  it('does not mind that ours is set, and follows when its own is', () => {
    const clock = new ServerClock();
    answer(clock);
    jest.setSystemTime(start - 600_000);
    expect(Math.abs(clock.now().getTime() - start)).toBeLessThanOrEqual(500);
    answer(clock, 3_600_000);
    expect(Math.abs(clock.now().getTime() - (start + 3_000_000))).toBeLessThanOrEqual(500);
  });
});
