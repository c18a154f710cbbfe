import { Readable } from 'node:stream';
import { logLines } from './log-frames';

function frame(text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = 1;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

describe('logLines', () => {
  it('gives whole lines, wherever the bytes were cut', async () => {
    const bytes = Buffer.concat([frame('one\n'), frame('zwölf\r\n'), frame('\n')]);
    for (const size of [1, 3, 9, 100]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      const lines: string[] = [];
      for await (const line of logLines(Readable.from(chunks, { objectMode: true }))) lines.push(line);
      expect(lines).toEqual(['one', 'zwölf', '']);
    }
  });
});
