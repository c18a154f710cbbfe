/* ASN.1 in DER (ITU-T X.690), as much of it as a certificate needs. */

/** A value: its tag, the length of the content, the content. */
export function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
}

/** Up to 127 in one byte; else how many bytes follow, and the number in them. */
function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

export const sequence = (...items: readonly Uint8Array[]): Buffer => der(0x30, ...items);
export const set = (...items: readonly Uint8Array[]): Buffer => der(0x31, ...items);
/** @param bytes big-endian, the first below 0x80 and not a 0 too many */
export const integer = (bytes: Uint8Array): Buffer => der(0x02, bytes);
export const octetString = (content: Uint8Array): Buffer => der(0x04, content);
export const utf8String = (text: string): Buffer => der(0x0c, Buffer.from(text));
/** @param unused how many bits of the last byte do not count */
export const bitString = (bytes: Uint8Array, unused = 0): Buffer => der(0x03, Buffer.from([unused]), bytes);
export const TRUE = der(0x01, Buffer.from([0xff]));
/** `[number]` around a value. */
export const tagged = (number: number, value: Uint8Array): Buffer => der(0xa0 | number, value);

/** An object identifier from its dotted text. */
export function identifier(dotted: string): Buffer {
  const [first, second, ...others] = dotted.split('.').map(Number) as [number, number, ...number[]];
  return der(0x06, Buffer.from([40 * first + second, ...others.flatMap(base128)]));
}

/** Seven bits a byte; all but the last have the eighth. */
function base128(number: number): number[] {
  const bytes = [number & 0x7f];
  for (let rest = number >>> 7; rest > 0; rest >>>= 7) bytes.unshift(0x80 | (rest & 0x7f));
  return bytes;
}

/** With two digits for the year until 2049, with four from then on (RFC 5280, 4.1.2.5). */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/\.\d+|[-:T]/g, '');
  return date.getUTCFullYear() < 2050
    ? der(0x17, Buffer.from(digits.slice(2)))
    : der(0x18, Buffer.from(digits));
}
