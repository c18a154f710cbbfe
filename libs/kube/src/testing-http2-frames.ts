/* Only tests use this: frames of HTTP/2 by hand, since no library sends what must not be sent. */

export const DATA = 0x0;
export const HEADERS = 0x1;
export const RST_STREAM = 0x3;
export const SETTINGS = 0x4;
export const GOAWAY = 0x7;
export const END_STREAM = 0x1;
export const END_HEADERS = 0x4;

export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

const HEAD = 9;

/** RFC 9113, 4.1. */
export function frame(type: number, flags: number, stream: number, payload: Buffer | string = ''): Buffer {
  const bytes = Buffer.from(payload);
  const header = Buffer.alloc(HEAD);
  header.writeUIntBE(bytes.length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, bytes]);
}

export interface Frame {
  type: number;
  stream: number;
  payload: Buffer;
}

/** Cuts what arrives into frames, in parts of any size. */
export class FrameReader {
  private rest = Buffer.alloc(0);

  /** @param skipped bytes before the first frame */
  constructor(private skipped = 0) {}

  /** The frames that are whole by now. */
  *take(bytes: Buffer): Generator<Frame> {
    this.rest = Buffer.concat([this.rest, bytes]);
    if (this.rest.length < this.skipped) return;
    this.rest = this.rest.subarray(this.skipped);
    this.skipped = 0;
    while (this.rest.length >= HEAD && this.rest.length >= HEAD + this.rest.readUIntBE(0, 3)) {
      const end = HEAD + this.rest.readUIntBE(0, 3);
      const whole = this.rest.subarray(0, end);
      this.rest = this.rest.subarray(end);
      yield { type: whole.readUInt8(3), stream: whole.readUInt32BE(5), payload: whole.subarray(HEAD) };
    }
  }
}
