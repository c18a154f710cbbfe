import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** SHA-256 of a file, in hexadecimal. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Reads a file of lines `<sum>  <name>`, as sha256sum writes it, or of one sum alone (under the name ``). */
export function parseChecksums(text: string): Map<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const match = /^([0-9a-f]{64})(?:\s+\*?(\S+))?\s*$/.exec(line);
      return match?.[1] ? [[match[2]?.split('/').at(-1) ?? '', match[1]] as const] : [];
    }),
  );
}

export function readChecksums(path: string): Map<string, string> {
  return existsSync(path) ? parseChecksums(readFileSync(path, 'utf8')) : new Map();
}
