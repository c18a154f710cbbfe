import { createInterface } from 'node:readline/promises';
import { Writable, type Readable } from 'node:stream';
import { UserError } from '@berth/model';

/** A Secret holds no more, keys and values together (MaxSecretSize in k8s.io/api/core/v1). */
const largestBytes = 1024 * 1024;

/** Where values come from. */
export interface Input {
  stream: Readable & { isTTY?: boolean };
  /** Writes to where the person reads. */
  tell(text: string): void;
  signal: AbortSignal;
}

/** All of standard input. @throws UserError when it is more than a Secret holds */
export async function readAll({ stream, signal }: Input): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const stop = () => stream.destroy(signal.reason as Error);
  signal.throwIfAborted();
  signal.addEventListener('abort', stop);
  try {
    for await (const chunk of stream) {
      chunks.push(Buffer.from(chunk as Buffer));
      bytes += (chunk as Buffer).length;
      if (bytes > largestBytes)
        throw new UserError(
          `Standard input has more than ${largestBytes} bytes: no Secret holds more. Nothing was changed.`,
        );
    }
    return Buffer.concat(chunks);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * Asks for a value at a terminal, which shows nothing of it.
 * @throws UserError when there is none, or it has several lines
 */
export async function askHidden(question: string, { stream, tell, signal }: Input): Promise<Buffer> {
  const lines = createInterface({
    input: stream,
    // What is typed would be shown here.
    output: new Writable({ write: (_chunk, _encoding, done) => done() }),
    terminal: true,
    historySize: 0,
  });
  // The terminal hands Ctrl-C over like any other key.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  let further = 0;
  // What is pasted comes as one: the first line is the answer, these are the others.
  lines.on('line', () => further++);
  try {
    const ended = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
    const asked = lines.question('', { signal });
    tell(question);
    const answer = await Promise.race([asked, ended]);
    if (further > 0)
      throw new UserError(
        'That were several lines, and only one can be typed. Nothing was changed.',
        'Put it into a file outside of the workspace, and give that as standard input: … < file',
      );
    return Buffer.from(answer ?? '');
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    lines.close();
    tell('\n');
  }
}

/** Without the newline that `echo` and editors put at the end of a text. Bytes that are no text are left alone. */
export function withoutLastNewline(value: Buffer): Buffer {
  if (value.at(-1) !== 0x0a || !isText(value)) return value;
  return value.subarray(0, value.at(-2) === 0x0d ? -2 : -1);
}

function isText(value: Buffer): boolean {
  return !value.includes(0) && Buffer.from(value.toString('utf8')).equals(value);
}
