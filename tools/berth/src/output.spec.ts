import { constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { openOutput } from './output';

describe('the output of Nx itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-output-'));
  const path = (name: string) => join(folder, name);
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(() => jest.restoreAllMocks());

  it('takes whole lines in their order where it is a pipe, and says when nobody reads any more', async () => {
    await new ProcessRunner().run(['mkfifo', path('pipe')]);
    const reader = await open(path('pipe'), constants.O_RDONLY | constants.O_NONBLOCK);
    const output = await openOutput({ BERTH_TERMINAL: path('pipe') });
    const long = 'x'.repeat(10_000);
    await Promise.all(['one', long, 'three'].map((text) => output.write(`${text}\n`)));
    const { bytesRead, buffer } = await reader.read(Buffer.alloc(20_000));
    expect(buffer.toString('utf8', 0, bytesRead)).toBe(`one\n${long}\nthree\n`);
    expect(output.coloured).toBe(false);
    await reader.close();
    await expect(output.write('four\n')).rejects.toMatchObject({ code: 'EPIPE' });
    await output.close();
  });

  it('is left to Nx where it is a file', async () => {
    writeFileSync(path('file'), 'what Nx has written\n');
    const printed = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const output = await openOutput({ BERTH_TERMINAL: path('file') });
    await output.write('one\n');
    await output.close();
    expect(printed.mock.calls).toEqual([['one\n']]);
    expect(readFileSync(path('file'), 'utf8')).toBe('what Nx has written\n');
  });
});
