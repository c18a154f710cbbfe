import { StringDecoder } from 'node:string_decoder';

/** Cuts UTF-8 into lines. What follows the last line break is a line where it is not empty. */
export async function* linesOf(body: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let line = '';
  for await (const chunk of body) {
    const [first = '', ...others] = decoder.write(chunk).split('\n');
    line += first;
    for (const next of others) {
      yield line;
      line = next;
    }
  }
  if (line !== '') yield line;
}
