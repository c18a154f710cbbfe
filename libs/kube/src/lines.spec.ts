import { linesOf } from './lines';

async function* parts(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('lines of a body', () => {
  it.each([1, 2, 3, 7, 1000])('are the same in parts of %i bytes', async (size) => {
    const lines: string[] = [];
    for await (const line of linesOf(parts('one\n\nzwölf 🚢\nrest', size))) lines.push(line);
    expect(lines).toEqual(['one', '', 'zwölf 🚢', 'rest']);
  });

  it('are none of nothing, and end with a line break', async () => {
    const lines: string[] = [];
    for await (const line of linesOf(parts('', 1))) lines.push(line);
    for await (const line of linesOf(parts('one\n', 4))) lines.push(line);
    expect(lines).toEqual(['one']);
  });
});
