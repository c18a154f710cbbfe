import { chmodSync, createWriteStream, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileError } from '@berth/exec';
import { UserError } from '@berth/model';
import type { Machine } from '../machine';
import type { Download, ProgramModule } from '../versions';
import { parseChecksums, sha256OfFile } from './checksums';

/** A source that has not begun to answer by then is taken as not reachable. */
const ANSWER_MS = 4_000;
/** Longest time for one whole program. */
const DOWNLOAD_MS = 600_000;

/**
 * Downloads the programs of a module into `folder` and checks them.
 * @returns false when there is no official build, or its address does not answer.
 * @throws UserError when what came is not what its makers' checksum says, or the disk is full.
 */
export async function downloadPrograms(
  machine: Machine,
  module: ProgramModule,
  folder: string,
  log: (line: string) => void,
): Promise<boolean> {
  if (!module.download) return false;
  for (const program of Object.keys(module.programs)) {
    const download = module.download(program, machine.architecture);
    const sum = await checksumOf(machine, download);
    if (sum === undefined) {
      log(`${new URL(download.url).host} does not answer; building instead`);
      return false;
    }
    log(`downloading ${download.url}`);
    const problem = await save(machine, download, sum, folder, program);
    if (problem !== undefined) {
      log(`${download.url} could not be downloaded (${problem}); building instead`);
      return false;
    }
  }
  return true;
}

async function checksumOf({ fetch }: Machine, { checksums, url }: Download): Promise<string | undefined> {
  try {
    const response = await fetch(checksums, { signal: AbortSignal.timeout(ANSWER_MS) });
    if (!response.ok) return undefined;
    const sums = parseChecksums(await response.text());
    return sums.get(basename(url)) ?? sums.get('');
  } catch {
    return undefined;
  }
}

/** @returns why it could not be downloaded, or undefined */
async function save(
  machine: Machine,
  { url, member }: Download,
  sum: string,
  folder: string,
  program: string,
): Promise<string | undefined> {
  const file = join(folder, `${program}.download`);
  try {
    const response = await machine.fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_MS) });
    if (!response.ok || !response.body) return `HTTP ${response.status}`;
    await pipeline(
      Readable.fromWeb(response.body as import('node:stream/web').ReadableStream),
      createWriteStream(file),
    );
  } catch (thrown) {
    rmSync(file, { force: true });
    const error = fileError(thrown, file);
    // A full disk would stop a build too, and later.
    if (error instanceof UserError) throw error;
    const { message, cause } = error as Error;
    return cause instanceof Error ? cause.message : message;
  }
  const actual = await sha256OfFile(file);
  if (actual !== sum) {
    throw new UserError(
      `${url} is not what its makers published: SHA-256 ${actual}, not ${sum}`,
      'see who answers for that address',
    );
  }
  const target = join(folder, program);
  if (member === undefined) {
    renameSync(file, target);
  } else {
    await machine.here.run([
      'tar',
      '-xzf',
      file,
      '-C',
      folder,
      '--strip-components',
      String(member.split('/').length - 1),
      member,
    ]);
    rmSync(file);
  }
  chmodSync(target, 0o755);
  return undefined;
}
