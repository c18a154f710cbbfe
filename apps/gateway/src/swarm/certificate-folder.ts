import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorText } from '../log';

/** A file of the folder, with its text or why that is not known. */
export type CertificateFile = { name: string } & ({ text: string } | { problem: string });

const ENDING = '.pem';
/** Bytes; clients take chains of a tenth of it. */
const LARGEST = 1_048_576;

/** Every `*.pem` of a folder, by name. @throws Error when the folder cannot be read */
export async function readCertificateFolder(folder: string): Promise<CertificateFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(ENDING) && !name.startsWith('.'));
  return Promise.all(names.sort().map(async (name) => ({ name, ...(await readOne(join(folder, name))) })));
}

async function readOne(path: string): Promise<{ text: string } | { problem: string }> {
  try {
    const found = await stat(path);
    // What is no file, such as a pipe, may never come to its end.
    if (!found.isFile()) return { problem: 'it is no file' };
    if (found.size > LARGEST) return { problem: `it has ${found.size} bytes, more than ${LARGEST}` };
    return { text: await readFile(path, 'utf8') };
  } catch (error) {
    return { problem: problemOf(error as NodeJS.ErrnoException) };
  }
}

function problemOf(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EACCES':
      return `it must be readable for the user ${process.getuid?.()} of the gateway`;
    case 'ENOENT':
      return 'it is a link to what is not in this folder';
    default:
      return errorText(error);
  }
}
