/** How a program is to be run. */
export interface RunOptions {
  /** Working directory; the process's own when absent. */
  cwd?: string;
  /** Added to the process's environment; a value of `undefined` removes the variable. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Written to the program's standard input, which is then closed. */
  input?: string;
  /** Absolute path of a file of this machine that is written to its standard input, in place of `input`. */
  inputFile?: string;
  /** Called with each line of standard output and standard error as it arrives. */
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** Milliseconds after which the program and its children are ended. */
  timeoutMs?: number;
  /** Ends the program and its children when aborted. */
  signal?: AbortSignal;
  /** Asks the program alone to end, which ends its children then; SIGTERM to all of them when absent. */
  endBy?: NodeJS.Signals;
  /** Exit codes that are no error; `[0]` when absent. */
  expect?: readonly number[];
  /** Values that must never be printed: they are replaced by `***` in errors and records. */
  redact?: readonly string[];
}

/** What a program left behind. */
export interface Completed {
  argv: readonly string[];
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs programs. The only way in which Berth starts one; there are no shell strings. */
export interface Runner {
  /**
   * Runs `argv[0]` with the other elements as its arguments and waits for its end.
   * @throws ProgramError when it cannot be started, exits with an unexpected code or is ended by a signal or time-out.
   */
  run(argv: readonly string[], options?: RunOptions): Promise<Completed>;
}
