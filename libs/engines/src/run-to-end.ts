import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runner, RunOptions } from '@berth/exec';
import { UserError } from '@berth/model';
import { ANY_EXIT_CODE, GONE } from './container';
import type { ContainerRunner } from './engine';
import { runArguments, type RunMode } from './run-arguments';

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
  const folder = await mkdtemp(join(tmpdir(), 'berth-container-'));
  const idFile = join(folder, 'id');
  const runOptions: RunOptions = {
    expect: ANY_EXIT_CODE,
    ...(onLine && { onLine }),
    ...(signal && { signal }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
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
    await rm(folder, { recursive: true, force: true });
  }
}
