import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Feed } from './feed';
import { Ledger } from './ledger';

/** A connection whose other side reads when it is told to. */
class Response extends EventEmitter {
  readonly written: string[] = [];
  isSlow = false;
  destroyed = false;
  ended = false;

  write(text: string): boolean {
    this.written.push(text);
    return !this.isSlow;
  }
  end(): void {
    this.ended = true;
  }
  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
  readAll(): void {
    this.isSlow = false;
    this.emit('drain');
  }
  get events(): (string | undefined)[] {
    return this.written.map((text) => /event: (\w+)/.exec(text)?.[1]);
  }
}

let ledger: Ledger;
let feed: Feed;
let number = 0;

beforeEach(() => {
  jest.useFakeTimers();
  ledger = new Ledger();
  feed = new Feed({ ledger, run: 'run', now: () => new Date(0), beatMs: 10, most: 2 });
  change();
});
afterEach(() => {
  feed.close();
  jest.useRealTimers();
});

function change(): void {
  ledger.update({ set: new Map([['source', { oldSince: String(++number) }]]), gone: [] });
  feed.tell();
}

function open(lastId?: string): Response {
  const response = new Response();
  feed.add(response as unknown as ServerResponse, lastId);
  return response;
}

it('tells the whole table, then what changes, under numbers', () => {
  const page = open();
  change();
  expect(page.written).toEqual([
    expect.stringMatching(
      /^id: run:1\nevent: snapshot\ndata: \{"now":"1970-01-01T00:00:00.000Z","set":.*"gone":\[\]\}\n\n$/,
    ),
    expect.stringMatching(/^id: run:2\nevent: change\n/),
  ]);
});

it('goes on where a page was, and begins anew where it was with another run', () => {
  change();
  expect(open('run:1').events).toEqual(['change']);
  expect(open('earlier:1').events).toEqual(['snapshot']);
  feed.close();
  for (const odd of ['run:', 'run:-1', 'run:1e9', 'run:99', 'x', ''])
    expect(open(odd).events).toEqual(['snapshot']);
});

it('tells a page at once that nothing has changed since: it waits to hear', () => {
  expect(open('run:1').written[0]).toContain('"set":{},"gone":[]');
});

it('keeps nothing for a page that reads slowly, and brings it to the newest when it has read', () => {
  const page = open();
  page.isSlow = true;
  for (let round = 0; round < 1000; round++) change();
  expect(page.events).toEqual(['snapshot', 'change']);
  page.readAll();
  expect(page.events).toEqual(['snapshot', 'change', 'change']);
  expect(page.written[2]).toContain(`"oldSince":"${number}"`);
});

it('lets go of a page that never reads, and of no other', () => {
  const [stuck, well] = [open(), open()];
  stuck.isSlow = true;
  change();
  jest.advanceTimersByTime(59);
  expect([stuck.destroyed, feed.isFull]).toEqual([false, true]);
  jest.advanceTimersByTime(1);
  expect([stuck.destroyed, well.destroyed, feed.isFull]).toEqual([true, false, false]);
  expect(well.events.slice(-2)).toEqual(['beat', 'beat']);
});

it('ends every page with the server', () => {
  const page = open();
  feed.close();
  expect(page.ended).toBe(true);
});
