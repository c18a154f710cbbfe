import type { Readable } from 'node:stream';

const headerBytes = 8;

/** A piece of what a program has put out: whole lines in a log, any part of them from a program that is followed. */
export interface LogFrame {
  /** 1: its output; 2: its errors. */
  source: number;
  bytes: Buffer;
}

/**
 * The frames of Docker's log format: a stream's number, a length and bytes
 * (https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerAttach).
 */
export async function* logFrames(stream: Readable): AsyncGenerator<LogFrame> {
  let buffer = Buffer.alloc(0);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    buffer = Buffer.concat([buffer, chunk]);
    while (buffer.length >= headerBytes) {
      const length = buffer.readUInt32BE(4);
      if (buffer.length < headerBytes + length) break;
      yield { source: buffer.readUInt8(0), bytes: buffer.subarray(headerBytes, headerBytes + length) };
      buffer = buffer.subarray(headerBytes + length);
    }
  }
}

/** The lines of a log. */
export async function* logLines(stream: Readable): AsyncGenerator<string> {
  // Docker cuts lines of more than 16 kilobytes, and each part is a frame of its own.
  for await (const { bytes } of logFrames(stream)) yield bytes.toString('utf8').replace(/\r?\n$/, '');
}
