import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { isatty, WriteStream } from 'node:tty';

/** Carries the way to where the person reads from Nx's own process to the executors. */
const variable = 'BERTH_TERMINAL';
/** Carries whether Nx leaves the drawing there to them. */
const drawing = 'BERTH_DRAWS';

/**
 * Remembers the error output of Nx itself, in Nx's own process or in that which it has made for the plugin.
 * @param argv of Nx itself
 * @param draws whether Nx leaves it to the executors to draw there
 * @param commandLine of a process, by its id
 */
export function rememberTerminal(
  argv: readonly string[],
  { pid, ppid, argv: own, env }: Pick<NodeJS.Process, 'pid' | 'ppid' | 'argv' | 'env'>,
  draws: boolean,
  commandLine: (id: number) => string = readCommandLine,
): void {
  const nx = argv.join('\0') === own.join('\0') ? pid : ppid;
  if (isDaemon(commandLine(nx)) || isDaemon(commandLine(pid))) {
    // It knows nobody's terminal, and keeps what one run sets for the next.
    env[variable] = '';
    env[drawing] = String(draws);
    return;
  }
  // Of several Nx that run each other, the outermost has the person's terminal.
  env[variable] ??= `/proc/${nx}/fd/2`;
  env[drawing] ??= String(draws);
}

/** Whether it was the daemon that was to remember it. */
export function isOfDaemon(env: NodeJS.ProcessEnv): boolean {
  return env[variable] === '';
}

function isDaemon(commandLine: string): boolean {
  return /daemon[/\\]server[/\\]start/.test(commandLine);
}

function readCommandLine(id: number): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Nx has started this process, or what did: its parent's terminal is the person's, where the daemon knew none. */
function pathOf(env: NodeJS.ProcessEnv): string {
  return isOfDaemon(env) ? `/proc/${process.ppid}/fd/2` : (env[variable] ?? '');
}

/**
 * The terminal at which a person reads, to draw on; undefined when nobody looks (output to a file, a pipe, a CI), and
 * when Nx draws there itself. Nx gives what it starts in batches a pipe, whatever its own output is.
 */
export function drawableTerminal(env: NodeJS.ProcessEnv): WriteStream | undefined {
  if (env['CI'] || env['TERM'] === 'dumb' || env[drawing] !== 'true') return undefined;
  let file: number;
  try {
    file = openSync(pathOf(env), constants.O_WRONLY | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
  if (isatty(file)) return new WriteStream(file);
  closeSync(file);
  return undefined;
}

/** The way to the output of Nx itself; empty when nobody has said. */
export function outputOfNx(env: NodeJS.ProcessEnv): string {
  return (env[variable] ?? '').replace(/\/fd\/2$/, '/fd/1');
}

export interface Terminal {
  tell(text: string): void;
  close(): void;
}

/**
 * Opens the way to where the person reads past Nx: from Ctrl-C on Nx prints nothing, not even what its tasks print.
 * Opened beforehand, because at a terminal Nx ends at once on Ctrl-C, while its task still tidies up.
 */
export function openTerminal(env: NodeJS.ProcessEnv): Terminal {
  let file: number | undefined;
  try {
    file = openSync(pathOf(env), constants.O_WRONLY | constants.O_APPEND | constants.O_NOCTTY);
  } catch {
    // Nobody has said where, or it is nothing that can be opened.
  }
  return {
    tell: (text) => {
      try {
        if (file !== undefined) return void writeSync(file, text);
      } catch {
        // The terminal is gone.
      }
      console.error(text);
    },
    close: () => {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}
