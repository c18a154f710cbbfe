import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { HistoryRecord } from './histories';
import { HistoryFile } from './history-file';
import { LatencyRing } from './latency-ring';

let folder: string;
let path: string;
let file: HistoryFile;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-latencies-'));
  path = join(folder, 'latencies');
  file = new HistoryFile(path);
});
afterEach(() => rmSync(folder, { recursive: true }));

function record(id: string, newest = 7): HistoryRecord {
  const ring = new LatencyRing();
  ring.put(newest, { succeeded: 1, failed: 2, median: 3, p95: 4, max: 5 });
  return { id, newest, bytes: ring.bytes };
}
const records = ['health/staging/web', 'address/web-staging.localhost', 'ü'].map((id) => record(id));
const idsOf = (found: readonly HistoryRecord[]) => found.map(({ id }) => id);

it('gives back what it was given', async () => {
  expect(await file.load()).toEqual({ records: [] });
  await file.save(records);
  expect(await file.load()).toEqual({ records });
  await file.save([]);
  expect(await file.load()).toEqual({ records: [] });
});

it('has all that is whole when it ends anywhere, and says so', async () => {
  await file.save(records);
  const whole = readFileSync(path);
  const recordEnds = (count: number) => {
    const sizes = records.slice(0, count).map(({ id, bytes }) => 10 + Buffer.byteLength(id) + bytes.length);
    return whole.indexOf('\n') + 1 + sizes.reduce((sum, size) => sum + size, 0);
  };
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), async (length) => {
      writeFileSync(path, whole);
      truncateSync(path, length);
      const { records: found, damage } = await file.load();
      expect(records.slice(0, found.length)).toEqual(found);
      const isAtEnd = [0, 1, 2].some((count) => recordEnds(count) === length);
      expect(damage === undefined).toBe(isAtEnd);
      expect(recordEnds(found.length + 1)).toBeGreaterThan(length);
    }),
    { numRuns: 60 },
  );
});

it('has nothing that was not put into it, whichever bit is turned, and says so', async () => {
  await file.save(records);
  const whole = readFileSync(path);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length * 8 - 1 }), async (bit) => {
      const damaged = Buffer.from(whole);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      writeFileSync(path, damaged);
      const { records: found, damage } = await file.load();
      expect(damage).toBeDefined();
      for (const each of found) expect(records).toContainEqual(each);
    }),
    { numRuns: 60 },
  );
});

it('loses one history where one is damaged', async () => {
  await file.save(records);
  const bytes = readFileSync(path);
  bytes[bytes.indexOf('address/')]! ^= 1;
  writeFileSync(path, bytes);
  const { records: found, damage } = await file.load();
  expect([idsOf(found), damage]).toEqual([['health/staging/web', 'ü'], 'has 1 damaged of 3 histories']);
});

it.each([
  ['something else', Buffer.from('{"routes":{}}'), 'does not begin as a file of latencies'],
  ['nothing', Buffer.alloc(0), 'does not begin as a file of latencies'],
])('says that it is %s', async (_, content, damage) => {
  writeFileSync(path, content);
  expect(await file.load()).toEqual({ records: [], damage });
});

it('is not read when it is larger than one can be', async () => {
  writeFileSync(path, '');
  truncateSync(path, 1e9);
  expect((await file.load()).damage).toMatch(/^has 1000000000 bytes, more than the \d+ that there can be$/);
});

it('is as it was when it cannot be written, and nothing is left beside it', async () => {
  await file.save(records);
  function* failing(): Generator<HistoryRecord> {
    yield record('new');
    throw new Error('no space left');
  }
  await expect(file.save(failing())).rejects.toThrow('no space left');
  expect(await file.load()).toEqual({ records });
  expect(readdirSync(folder)).toEqual(['latencies']);
  await expect(new HistoryFile(join(folder, 'not-there/latencies')).save(records)).rejects.toThrow('ENOENT');
});

it('is as it was while it is being written', async () => {
  await file.save(records);
  const seen: string[][] = [];
  function* watching(): Generator<HistoryRecord> {
    yield record('new');
    const { length } = readFileSync(path);
    seen.push([String(length)]);
  }
  const before = readFileSync(path).length;
  await file.save(watching());
  expect(seen).toEqual([[String(before)]]);
  expect(idsOf((await file.load()).records)).toEqual(['new']);
});

it('leaves out what does not fit into it', async () => {
  await file.save([record('a'.repeat(301)), record('b')]);
  expect(idsOf((await file.load()).records)).toEqual(['b']);
});
