import type { Readable } from 'node:stream';

const headerBytes = 8;

/**
 * Lines of Docker's log format: frames of a stream's number, a length and bytes
 * (https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerAttach).
 */
export async function* logLines(stream: Readable): AsyncGenerator<string> {
  let buffer = Buffer.alloc(0);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    buffer = Buffer.concat([buffer, chunk]);
    while (buffer.length >= headerBytes) {
      const length = buffer.readUInt32BE(4);
      if (buffer.length < headerBytes + length) break;
      const text = buffer.subarray(headerBytes, headerBytes + length).toString('utf8');
      buffer = buffer.subarray(headerBytes + length);
      // Docker cuts lines of more than 16 kilobytes, and each part is a frame of its own.
      yield text.replace(/\r?\n$/, '');
    }
  }
}
