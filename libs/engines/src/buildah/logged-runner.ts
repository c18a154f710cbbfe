import { ProgramError, type Completed, type RunOptions, type Runner } from '@berth/exec';

/** Lets podman and buildah log what they do, which no other output says; for Berth to read. */
export const LOG = '--log-level=debug';

/** Warnings and errors come in the same form, and are for people. */
const LOGGED = /^time="[^"]*" level=(?:debug|info) msg=/;

/** Runs what is to log, and keeps the log out of what people see: lines and errors. */
export class LoggedRunner implements Runner {
  constructor(private readonly runner: Runner) {}

  async run(argv: readonly string[], options: RunOptions = {}): Promise<Completed> {
    if (!argv.includes(LOG)) return this.runner.run(argv, options);
    const { onLine, ...others } = options;
    try {
      return await this.runner.run(argv, {
        ...others,
        ...(onLine && { onLine: (line, stream) => void (LOGGED.test(line) || onLine(line, stream)) }),
      });
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      const { exitCode, stdout, stderr, failure } = error;
      const completed = {
        argv: argv.filter((word) => word !== LOG),
        exitCode,
        stdout,
        stderr: unlogged(stderr),
      };
      throw new ProgramError(completed, failure, options.redact, { cause: error });
    }
  }
}

function unlogged(text: string): string {
  return text
    .split('\n')
    .filter((line) => !LOGGED.test(line))
    .join('\n');
}

/** The blobs that a log says were sent to a registry; undefined when it is no log. */
export function uploadsIn(log: string): Set<string> | undefined {
  if (!/^time="[^"]*" level=debug msg=/m.test(log)) return undefined;
  return new Set(
    Array.from(
      log.matchAll(/"Upload of layer (sha256:[0-9a-f]{64}) complete"/g),
      ([, digest = '']) => digest,
    ),
  );
}
