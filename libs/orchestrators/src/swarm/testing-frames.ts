/* Only tests use this. */

/** A frame of Docker's log format, as logFrames reads them. @param source 1: output; 2: errors */
export function frame(text: string, source = 1): Buffer {
  const header = Buffer.alloc(8);
  header[0] = source;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}
