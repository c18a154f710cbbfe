import { PassThrough, Readable } from 'node:stream';
import { readValues, type ValueOptions } from './read-values';
import type { Input } from './standard-input';

const read = async (
  options: Partial<ValueOptions>,
  stream: Input['stream'],
  tell = (_text: string) => undefined,
) => {
  const values = await readValues(
    {
      environment: 'staging',
      command: 'nx secret staging',
      names: ['TOKEN'],
      import: false,
      raw: false,
      ...options,
    },
    { stream, tell, signal: new AbortController().signal },
  );
  return Object.fromEntries(values);
};
const piped = (...chunks: (string | Buffer)[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
/** A terminal at which this is typed once something was asked. */
const typing = (text: string) => {
  const shown: string[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY: true });
  const tell = (line: string) => {
    shown.push(line);
    if (shown.length === 1) stream.write(text);
    return undefined;
  };
  return { stream, tell, shown };
};

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation();
});
afterEach(() => jest.restoreAllMocks());

describe('a value from standard input', () => {
  it.each<[string, string | Buffer, boolean, string | Buffer]>([
    ['as it is', 'two words', false, 'two words'],
    ['without the newline that echo puts at its end', 'value\n', false, 'value'],
    ['without that of other systems', 'value\r\n', false, 'value'],
    ['with all newlines but the last', '\n-----BEGIN\nabc\n\n', false, '\n-----BEGIN\nabc\n'],
    ['with every byte when it is asked for', 'value\n', true, 'value\n'],
    ['with every byte when it is no text', Buffer.from([0, 0xff, 0x0a]), false, Buffer.from([0, 0xff, 0x0a])],
  ])('is taken %s', async (_, sent, raw, value) => {
    expect(await read({ raw }, piped(sent))).toEqual({ TOKEN: Buffer.from(value) });
  });

  it('may come in pieces', async () => {
    expect(await read({}, piped('one ', 'two'))).toEqual({ TOKEN: Buffer.from('one two') });
  });

  it.each<[string, Partial<ValueOptions>, string[], RegExp]>([
    ['none', {}, [], /The value for TOKEN is empty\. Nothing was changed/],
    ['a newline alone', {}, ['\n'], /is empty/],
    ['one for two names', { names: ['TOKEN', 'OTHER'] }, ['x'], /has one value, and 2 names were given/],
    ['more than a Secret holds', {}, ['x'.repeat(1_048_576), 'y'], /more than 1048576 bytes/],
    ['nothing to import', { names: [], import: true }, ['no name here\n'], /has no line NAME=value/],
    ['an empty one to import', { names: [], import: true }, ['A=1\nB=\n'], /The value for B is empty/],
  ])('is refused when it is %s', async (_, options, sent, message) => {
    await expect(read(options, piped(...sent))).rejects.toThrow(message);
  });

  it('may be several, as lines of a .env file', async () => {
    const text = '# of the desk\nTOKEN=abc=\nSTORE_PASSWORD="two\nlines"\n';
    expect(await read({ names: [], import: true }, piped(text))).toEqual({
      TOKEN: Buffer.from('abc='),
      STORE_PASSWORD: Buffer.from('two\nlines'),
    });
  });
});

describe('a value that is typed', () => {
  it('is asked for by name, and not shown', async () => {
    const { stream, tell, shown } = typing('hunter2\r');
    expect(await read({}, stream, tell)).toEqual({ TOKEN: Buffer.from('hunter2') });
    expect(shown).toEqual(['TOKEN of staging (nothing is shown): ', '\n']);
  });

  it('is refused when it was pasted with several lines', async () => {
    const { stream, tell } = typing('one\rtwo\r');
    await expect(read({}, stream, tell)).rejects.toThrow(/several lines, and only one can be typed/);
  });

  it('is refused when the terminal ends it', async () => {
    const { stream, tell } = typing('\u0004');
    await expect(read({}, stream, tell)).rejects.toThrow(/is empty/);
  });

  it('is no file to import', async () => {
    const { stream, tell } = typing('A=1\r');
    await expect(read({ names: [], import: true }, stream, tell)).rejects.toThrow(/which is a terminal/);
  });
});
