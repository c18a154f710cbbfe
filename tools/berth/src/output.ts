import { constants, fstatSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { isatty } from 'node:tty';
import { outputOfNx } from './terminal';

/** Where somebody reads what `nx` prints. */
export interface Output {
  /** Whether it shows colours. */
  coloured: boolean;
  /** Resolves when it was taken: who writes much waits for who reads. @throws EPIPE when nobody reads any more */
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the output of Nx itself. Nx keeps all that its tasks print until they end, so what may go on for days goes past
 * it to a terminal or a pipe. A file is left to Nx, which would write over what others put there.
 */
export async function openOutput(env: NodeJS.ProcessEnv): Promise<Output> {
  const handle = await pastNx(env);
  if (!handle) {
    return {
      coloured: false,
      write: async (text) => void process.stdout.write(text),
      close: async () => undefined,
    };
  }
  // One line after the other, whoever they are of.
  let last = Promise.resolve();
  return {
    coloured: isatty(handle.fd) && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    write: (text) => (last = last.then(() => handle.writeFile(text))),
    close: () => handle.close(),
  };
}

async function pastNx(env: NodeJS.ProcessEnv): Promise<FileHandle | undefined> {
  try {
    const handle = await open(outputOfNx(env), constants.O_WRONLY | constants.O_NOCTTY);
    if (isatty(handle.fd) || fstatSync(handle.fd).isFIFO()) return handle;
    await handle.close();
  } catch {
    // Nobody has said where, or it is a socket.
  }
  return undefined;
}
