/* Only tests use this: HTTP/2 by hand, since no library sends what must not be sent. */
import net from 'node:net';
import {
  DATA,
  END_HEADERS,
  END_STREAM,
  frame,
  FrameReader,
  GOAWAY,
  HEADERS,
  PREFACE,
  RST_STREAM,
  SETTINGS,
} from '@berth/kube/src/testing-http2-frames';

export type Field = readonly [name: string, value: string];

/** The fields of a request for a host, with some of them otherwise. */
export function fieldsFor(host: string, other: Readonly<Record<string, string>> = {}): Field[] {
  return Object.entries({ ':method': 'POST', ':scheme': 'http', ':path': '/', ':authority': host, ...other });
}

/** Each field as it is, without index and without Huffman's code (RFC 7541, 6.2.2). */
export function headerBlock(fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.of(0), text(name), text(value)]));
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  const length: number[] = [];
  // RFC 7541, 5.1, with a prefix of 7 bits.
  if (bytes.length < 127) length.push(bytes.length);
  else {
    let rest = bytes.length - 127;
    for (length.push(127); rest > 127; rest >>= 7) length.push((rest & 127) | 128);
    length.push(rest);
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}

/** Statuses that nginx writes as an entry of HPACK's static table. */
const INDEXED: Readonly<Record<number, number>> = {
  0x88: 200,
  0x89: 204,
  0x8b: 304,
  0x8c: 400,
  0x8d: 404,
  0x8e: 500,
};

/** How the gateway answers stream 1 of a connection of its own: a status, or that it ends the stream or connection. */
export function exchangeHttp2(
  port: number,
  fields: readonly Field[],
  body?: string,
): Promise<number | 'ended'> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      const flags = END_HEADERS | (body === undefined ? END_STREAM : 0);
      socket.write(PREFACE);
      socket.write(frame(SETTINGS, 0, 0));
      socket.write(frame(HEADERS, flags, 1, headerBlock(fields)));
      if (body !== undefined) socket.write(frame(DATA, END_STREAM, 1, body));
    });
    const done = (answer: number | 'ended'): void => {
      socket.destroy();
      resolve(answer);
    };
    const reader = new FrameReader();
    socket.on('data', (bytes: Buffer) => {
      for (const { type, payload } of reader.take(bytes)) {
        if (type === HEADERS) done(statusOf(payload));
        if (type === RST_STREAM || type === GOAWAY) done('ended');
      }
    });
    socket.setTimeout(10_000, () => socket.destroy(new Error('HTTP/2 got no answer')));
    socket.on('close', () => done('ended'));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? done('ended') : reject(error),
    );
  });
}

function statusOf(block: Buffer): number {
  return INDEXED[block[0]!] ?? Number(block.toString('latin1', 2, 5));
}
