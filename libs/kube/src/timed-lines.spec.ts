import { Readable } from 'node:stream';
import { mergedByTime, sortableTime, timedLines, type TimedLine } from './timed-lines';

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}
const at = (second: number, digits = '') => `2026-01-02T12:00:0${second}${digits}Z`;

describe('timedLines', () => {
  it('cuts wherever the chunks end, and takes the times off', async () => {
    const text = `${at(1)} one\n${at(2)} żółw  two\r\n${at(3)} \n${at(4)}\n${at(5)} last`;
    const bytes = [...Buffer.from(text)].map((byte) => Buffer.from([byte]));
    const lines = await all(timedLines(Readable.from(bytes, { objectMode: false })));
    expect(lines.map((line) => line.text)).toEqual(['one', 'żółw  two', '', '', 'last']);
    expect(lines.map((line) => line.time)).toEqual([1, 2, 3, 4, 5].map((second) => at(second, '.000000000')));
  });

  it('cuts a line that never ends', async () => {
    const lines = await all(timedLines(Readable.from([`${at(1)} ab`, 'cdefgh', 'ij\n', `${at(2)} k\n`]), 24));
    expect(lines.map(({ time, text, continues }) => [time.slice(18, 19), text, continues])).toEqual([
      ['1', 'abcdefgh', undefined],
      ['1', 'ij', true],
      ['2', 'k', undefined],
    ]);
  });

  it('reads no further than it is asked to', async () => {
    let read = 0;
    async function* endless() {
      for (;;) yield `${at(1)} ${read++}\n`;
    }
    const lines = timedLines(Readable.from(endless(), { highWaterMark: 2 }));
    for (let taken = 0; taken < 10; taken++) await lines.next();
    expect(read).toBeLessThan(20);
    await lines.return(undefined);
  });
});

it.each([
  ['2026-01-02T12:00:01Z', '2026-01-02T12:00:01.000000000Z'],
  ['2026-01-02T12:00:01.12Z', '2026-01-02T12:00:01.120000000Z'],
  ['2026-01-02T01:00:01.123456789+02:00', '2026-01-01T23:00:01.123456789Z'],
  ['unable', undefined],
])('the sortable time of %s', (text, time) => expect(sortableTime(text)).toBe(time));

describe('mergedByTime', () => {
  const closed: string[] = [];
  async function* log(name: string, ...seconds: number[]): AsyncGenerator<TimedLine> {
    try {
      for (const second of seconds) yield { time: at(second), text: `${name}${second}` };
    } finally {
      closed.push(name);
    }
  }
  beforeEach(() => void closed.splice(0));

  it('gives the lines in the order of their times, and of one time in the order of the logs', async () => {
    const lines = await all(mergedByTime([log('a', 1, 4, 4), log('b'), log('c', 2, 3, 4, 5)]));
    expect(lines.map(({ text }) => text)).toEqual(['a1', 'c2', 'c3', 'a4', 'a4', 'c4', 'c5']);
  });

  it('closes all logs when nobody wants more', async () => {
    for await (const { text } of mergedByTime([log('a', 1, 3), log('b', 2, 4)])) if (text === 'b2') break;
    expect(closed.sort()).toEqual(['a', 'b']);
  });
});
