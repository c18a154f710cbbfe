import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { quoteArgv, UserError } from '@berth/model';

interface Place {
  code: string;
  path: string;
  folder: string;
}

/**
 * What the operating system refuses for reasons of the machine, and what to type then. Other codes, as that of a file
 * which is not there, may be a mistake of ours and keep their stack.
 */
const faults: Readonly<Record<string, (place: Place) => [message: string, hint: string]>> = {
  ENOSPC: full,
  EDQUOT: full,
  EROFS: ({ code, path, folder }) => [
    `${path} cannot be written: its file system is mounted read-only (${code}).`,
    `See how it is mounted: ${quoteArgv(['findmnt', '--target', folder])}`,
  ],
  EACCES: forbidden,
  EPERM: forbidden,
  EMFILE: tooMany,
  ENFILE: tooMany,
  EIO: ({ code, path }) => [
    `${path}: the disk reports an error (${code}).`,
    'See what the kernel says of it: dmesg | tail',
  ],
};

function full({ code, path, folder }: Place): [string, string] {
  return [
    `No space is left on the disk of ${folder}: ${path} could not be written (${code}).`,
    `${quoteArgv(['df', '-h', folder])}\nFree some of it, then run the same command again. What can be made anew: docker system prune; go clean -cache; npm cache clean --force`,
  ];
}

function forbidden({ code, path, folder }: Place): [string, string] {
  return [
    `The user ${userName()} may not read or write ${path} (${code}).`,
    `Run it as the user who owns it, or give it to ${userName()}. See whose it is: ${quoteArgv(['ls', '-ld', ...new Set([folder, path])])}`,
  ];
}

function tooMany({ code, path }: Place): [string, string] {
  return [
    `${path} cannot be opened: too many files are open (${code}).`,
    'Allow more, then run the same command again: ulimit -n 65536',
  ];
}

/**
 * A fault of the machine's files as a person's error: a full disk, no right to a file, a read-only file system. Every
 * other error is given back as it is.
 * @param path what was worked on; needed where Node's error does not name it, as that of a write
 */
export function fileError(error: unknown, path?: string): unknown {
  if (typeof error !== 'object' || error === null || error instanceof UserError) return error;
  const { code = '', path: from, dest, syscall } = error as NodeJS.ErrnoException & { dest?: string };
  const fault = Object.hasOwn(faults, code) ? faults[code] : undefined;
  // A copy fails for what it reads from only when it may not.
  const named = path ?? (code === 'EACCES' || code === 'EPERM' ? from : (dest ?? from));
  if (!fault || syscall === undefined || named === undefined) return error;
  const [message, hint] = fault({ code, path: named, folder: syscall === 'mkdir' ? named : dirname(named) });
  return new UserError(message, hint, { cause: error });
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in /etc/passwd.
    return String(process.getuid?.() ?? 'that runs this');
  }
}
