import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Runner, RunOptions } from '@berth/exec';
import { UserError } from '@berth/model';
import { ANY_EXIT_CODE, GONE } from './container';
import type { ContainerRunner } from './engine';
import { runArguments, type RunMode } from './run-arguments';

/** Milliseconds. */
const CREATION_MS = 5_000;

type Options = Parameters<ContainerRunner['runToEnd']>[1];

/** Runs a container of docker or podman to its end, and leaves none behind when that is cut short. */
export async function runToEnd(
  runner: Runner,
  image: string,
  options: Options,
  mode: Pick<RunMode, 'program' | 'own'>,
): Promise<number> {
  const { onLine, signal, timeoutMs } = options;
  const { program } = mode;
  signal?.throwIfAborted();
  const folder = await mkdtemp(join(tmpdir(), 'berth-container-'));
  const idFile = join(folder, 'id');
  const ending = new AbortController();
  const runOptions: RunOptions = {
    expect: ANY_EXIT_CODE,
    ...(onLine && { onLine }),
    signal: ending.signal,
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
  // A client that is ended before it has written the id leaves a container that nobody knows.
  const end = () => void untilWritten(idFile).then(() => ending.abort());
  signal?.addEventListener('abort', end);
  try {
    const argv = runArguments(image, options, { ...mode, detached: false, idFile });
    const { exitCode, stderr } = await runner.run(argv, runOptions);
    // 125 is the client's own failure, not the container's.
    if (exitCode === 125) throw new UserError(`A container of ${image} could not be run: ${stderr.trim()}`);
    return exitCode;
  } catch (error) {
    // The client was ended; the container would go on without it.
    const id = await readFile(idFile, 'utf8').catch(() => undefined);
    if (id) await runner.run([program, 'rm', '--force', '--volumes', id], { expect: GONE });
    throw error;
  } finally {
    signal?.removeEventListener('abort', end);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Waits until a file has a text, or for as long as a daemon may take to make a container. */
async function untilWritten(path: string): Promise<void> {
  for (const last = Date.now() + CREATION_MS; Date.now() < last; await delay(20))
    if (await readFile(path, 'utf8').catch(() => '')) return;
}
