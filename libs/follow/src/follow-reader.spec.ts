import { until as untilHolds } from '@berth/exec/src/testing-until';
import { followReader } from './follow-reader';

/** Hours, so that nothing is seen by time where a test is about events, and the other way round. */
const never = 3_600_000;
const until = (holds: () => boolean) => untilHolds(holds, Boolean, 4_000, 5);

let stopping: AbortController;
let state: string | Error;
/** In its place, when it is to come later. */
let pending: Promise<string> | undefined;
let asked: number;
let seen: string[];
let failures: number[];
let lost: number;
let streams: { tell: () => void; end: () => void }[];

function follow(pace = {}): void {
  followReader(
    {
      state: async () => {
        asked++;
        if (state instanceof Error) throw state;
        return pending ?? state;
      },
      follow: (onChange, signal) =>
        new Promise((_, reject) => {
          const end = () => reject(new Error('the events have ended'));
          streams.push({ tell: onChange, end });
          signal.addEventListener('abort', end);
        }),
    },
    {
      onState: (found) => seen.push(found),
      isMoving: (found) => found === 'moving',
      onFailure: (_error, failed) => failures.push(failed),
      onEventsLost: () => lost++,
      signal: stopping.signal,
    },
    { moving: never, still: never, afterEvent: 0, reconnect: 5, ...pace },
  );
}

beforeEach(() => {
  stopping = new AbortController();
  state = 'first';
  pending = undefined;
  [seen, failures, streams] = [[], [], []];
  lost = asked = 0;
});
afterEach(() => stopping.abort());

it('looks at once, and at each event', async () => {
  follow();
  await until(() => seen.length > 0 && streams.length === 1);
  state = 'second';
  streams[0]!.tell();
  await until(() => seen.at(-1) === 'second');
});

it('looks by time, as often as something moves or has just happened', async () => {
  state = 'moving';
  follow({ moving: 1 });
  await until(() => seen.length > 3);
  stopping.abort();

  stopping = new AbortController();
  state = 'still';
  follow({ still: 1 });
  await until(() => seen.filter((each) => each === 'still').length > 3);
});

it('looks anew for what events that were lost would have told, and asks for others', async () => {
  follow();
  await until(() => streams.length === 1);
  state = 'second';
  streams[0]!.end();
  await until(() => seen.at(-1) === 'second' && streams.length === 2);
  expect(lost).toBe(1);
});

it('tells of looks that fail, how many in a row, and goes on', async () => {
  state = new Error('nobody is there');
  follow();
  await until(() => failures.length > 1);
  expect(failures.slice(0, 2)).toEqual([1, 2]);
  state = 'second';
  await until(() => seen.at(-1) === 'second');
});

it('tells of no look that comes to its end after it was told to stop', async () => {
  let answer: (found: string) => void = () => undefined;
  pending = new Promise((resolve) => (answer = resolve));
  follow();
  await until(() => asked > 0);
  stopping.abort();
  answer('late');
  await pending;
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toEqual([]);
});
