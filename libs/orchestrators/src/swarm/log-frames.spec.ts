import { Readable } from 'node:stream';
import { logLines } from './log-frames';
import { frame } from './testing-frames';

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
