import { createWriteStream } from 'node:fs';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import type { HistoryRecord } from './histories';
import { mostPoints, pointMs, ringBytes } from './latency-ring';

/*
 * The file: a line that says what it is, then records: bytes of the id (two), the id, the newest stretch (four), the
 * ring, and a CRC-32 of all that (four). Numbers are little-endian.
 */
const firstLine = Buffer.from(`berth latencies 1 ${mostPoints} ${pointMs}\n`);
/** The longest name of a host or of a service and its environment, and the kind before it. */
const mostIdBytes = 300;
const bytesBesideId = 2 + 4 + ringBytes + 4;
/** More than are asked at any time (prober.ts): those of what has gone lately are there too. It bounds the file. */
const mostHistories = 16_000;
const mostFileBytes = firstLine.length + mostHistories * (bytesBesideId + mostIdBytes);

export interface Kept {
  records: HistoryRecord[];
  /** What of the file cannot be used, in words; absent when it is whole, or not there yet. */
  damage?: string;
}

/** Histories of all targets, in one file that is replaced whole: who reads it sees the old one or the new one. */
export class HistoryFile {
  constructor(private readonly path: string) {}

  /** What can be used of it. A record that is damaged does not keep the others. */
  async load(): Promise<Kept> {
    try {
      const { size } = await stat(this.path);
      if (size > mostFileBytes)
        return nothing(`has ${size} bytes, more than the ${mostFileBytes} that there can be`);
      return parse(await readFile(this.path));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return code === 'ENOENT' ? { records: [] } : nothing(`cannot be read: ${message}`);
    }
  }

  /** It is on the disk when this resolves. @throws Error when it cannot be written; then it is as it was */
  async save(records: Iterable<HistoryRecord>): Promise<void> {
    const temporary = `${this.path}.new`;
    try {
      await pipeline(
        Readable.from(written(records)),
        createWriteStream(temporary, { mode: 0o600, flush: true }),
      );
      await rename(temporary, this.path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  }
}

function* written(records: Iterable<HistoryRecord>): Generator<Buffer> {
  yield firstLine;
  let left = mostHistories;
  for (const record of records) {
    if (Buffer.byteLength(record.id) > mostIdBytes || left-- === 0) continue;
    yield recordBytes(record);
  }
}

function recordBytes({ id, newest, bytes }: HistoryRecord): Buffer {
  const idBytes = Buffer.from(id);
  const start = Buffer.alloc(2);
  start.writeUInt16LE(idBytes.length);
  const stretch = Buffer.alloc(4);
  stretch.writeUInt32LE(newest);
  const content = Buffer.concat([start, idBytes, stretch, bytes]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(content));
  return Buffer.concat([content, sum]);
}

function parse(file: Buffer): Kept {
  if (!file.subarray(0, firstLine.length).equals(firstLine))
    return nothing('does not begin as a file of latencies');
  const records: HistoryRecord[] = [];
  let damaged = 0;
  let at = firstLine.length;
  while (at < file.length) {
    const idBytes = at + 2 <= file.length ? file.readUInt16LE(at) : Infinity;
    const end = at + bytesBesideId + idBytes;
    // Nothing says where the next one begins.
    if (idBytes > mostIdBytes || end > file.length)
      return { records, damage: `is damaged from byte ${at} on` };
    const record = readRecord(file.subarray(at, end), idBytes);
    if (record) records.push(record);
    else damaged++;
    at = end;
  }
  return damaged === 0
    ? { records }
    : { records, damage: `has ${damaged} damaged of ${damaged + records.length} histories` };
}

function readRecord(bytes: Buffer, idBytes: number): HistoryRecord | undefined {
  const end = bytes.length - 4;
  if (crc32(bytes.subarray(0, end)) !== bytes.readUInt32LE(end)) return undefined;
  const ringStart = 2 + idBytes + 4;
  return {
    id: bytes.toString('utf8', 2, 2 + idBytes),
    newest: bytes.readUInt32LE(2 + idBytes),
    // A copy: else each history would keep the whole file in memory.
    bytes: Buffer.from(bytes.subarray(ringStart, ringStart + ringBytes)),
  };
}

function nothing(damage: string): Kept {
  return { records: [], damage };
}
