import { environmentKey } from '../entries';
import { TableFeed, type OpenStream } from './table-feed';
import { testEnvironment } from './testing-entries';

type Listener = Parameters<OpenStream>[1];

/** Streams that a test speaks for, and a clock that it moves. */
function page() {
  const streams: { after: string | undefined; listener: Listener; isClosed: boolean }[] = [];
  let now = 1_000_000;
  let planned: { at: number; action: () => void }[] = [];
  let ends = 0;
  const feed = new TableFeed(
    (after, listener) => {
      const stream = { after, listener, isClosed: false };
      streams.push(stream);
      return { close: () => void (stream.isClosed = true) };
    },
    {
      now: () => now,
      random: () => 1,
      after: (ms, action) => {
        const plan = { at: now + ms, action };
        planned.push(plan);
        return () => void (planned = planned.filter((other) => other !== plan));
      },
    },
    () => ends++,
  );
  feed.connect();
  return {
    streams,
    told: () => feed.told.get(),
    names: () => feed.told.get().table.rows.map(({ environment }) => environment.name),
    /** @param late milliseconds that it was on its way */
    tell: (type: 'snapshot' | 'change', id: string, names: string[], late = 0) => {
      const set = Object.fromEntries(names.map((name) => [environmentKey(name), testEnvironment(name)]));
      const time = new Date(now + 5000 - late).toISOString();
      streams.at(-1)!.listener.event(type, JSON.stringify({ now: time, set, gone: [] }), id);
    },
    beat: () => streams.at(-1)!.listener.event('beat', '{}', ''),
    ends: () => ends,
    pass: (ms: number) => {
      now += ms;
      const due = planned.filter(({ at }) => at <= now);
      planned = planned.filter(({ at }) => at > now);
      for (const { action } of due) action();
    },
  };
}

it('shows what it is told, and knows how far its clock is off', () => {
  const { told, names, tell } = page();
  expect(told()).toMatchObject({ isThere: false, lostAt: 1_000_000 });
  tell('snapshot', 'run:1', ['staging']);
  expect(told()).toMatchObject({ isThere: true, lostAt: undefined, ahead: 5000 });
  tell('change', 'run:2', ['prod']);
  expect(names()).toEqual(['prod', 'staging']);
});

it('takes what messages were on their way for no change of the clock, by which all would be drawn anew', () => {
  const { told, tell } = page();
  tell('snapshot', 'run:1', ['staging']);
  tell('change', 'run:2', ['staging'], 900);
  expect(told().ahead).toBe(5000);
  tell('change', 'run:3', ['staging'], 4000);
  expect(told().ahead).toBe(1000);
});

it('keeps what it has when the stream ends, says since when, and goes on after the last event', () => {
  const { streams, told, names, tell, pass, ends } = page();
  tell('snapshot', 'run:1', ['staging']);
  streams[0]!.listener.end();
  expect([names(), told().lostAt, ends()]).toEqual([['staging'], 1_000_000, 1]);
  pass(300);
  expect(streams.map(({ after, isClosed }) => [after, isClosed])).toEqual([
    [undefined, true],
    ['run:1', false],
  ]);
  streams[1]!.listener.end();
  expect(told().lostAt).toBe(1_000_000);
  pass(600);
  tell('change', 'run:1', []);
  expect([told().lostAt, names()]).toEqual([undefined, ['staging']]);
});

it('gives up a stream that is silent, and not one that beats', () => {
  const { streams, beat, tell, pass } = page();
  tell('snapshot', 'run:1', ['staging']);
  for (let beats = 0; beats < 5; beats++) {
    pass(20_000);
    beat();
  }
  expect(streams).toHaveLength(1);
  pass(25_000);
  pass(300);
  expect(streams.map(({ isClosed }) => isClosed)).toEqual([true, false]);
});

it('waits longer from one attempt to the next, ten seconds at most', () => {
  const { streams, pass } = page();
  const waits: number[] = [];
  for (let attempt = 0; attempt < 8; attempt++) {
    streams.at(-1)!.listener.end();
    const before = streams.length;
    let waited = 0;
    for (; streams.length === before; waited += 100) pass(100);
    waits.push(waited);
  }
  expect(waits).toEqual([300, 600, 1200, 2400, 4800, 9600, 10_000, 10_000]);
});

it('heeds nothing of a stream that it has left', () => {
  const { streams, names, tell, pass } = page();
  tell('snapshot', 'run:1', ['staging']);
  const { listener } = streams[0]!;
  listener.end();
  pass(300);
  listener.event('snapshot', JSON.stringify({ now: '', set: {}, gone: [] }), 'x');
  listener.end();
  expect(names()).toEqual(['staging']);
  expect(streams).toHaveLength(2);
});
