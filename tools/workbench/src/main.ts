import { join } from 'node:path';
import { fileError, Interrupted, interruptible } from '@berth/exec';
import { UserError } from '@berth/model';
import { clean } from './clean';
import { Progress } from './progress';
import { start } from './start';
import { stop } from './stop';
import { test } from './test';
import { Timings } from './timings';
import { usage, parse } from './usage';

/** The exit code of a command that Ctrl-C has ended, as shells have it: 128 and the number of SIGINT. */
const INTERRUPTED = 130;

/** What every command of the workbench gets. */
export interface Workbench {
  /** Absolute path of the workspace. */
  root: string;
  progress: Progress;
  print(line: string): void;
  /** Ends what runs, when the person has had enough. */
  signal: AbortSignal;
}

/**
 * `npm start`, `npm run stop`, `npm run clean` and `npm test`.
 * @returns the exit code. A person's error prints a message and what to do next; a bug shows its stack.
 */
export async function main(argv: string[], root: string, packagesMs?: number): Promise<number> {
  const print = (line: string) => process.stdout.write(`${line}\n`);
  try {
    const { command, options } = parse(argv);
    if (options.help) {
      print(usage);
      return 0;
    }
    const timings = new Timings(join(root, '.berth/timings.json'));
    if (packagesMs !== undefined) timings.record('npm packages', packagesMs);
    return await interruptible(
      async (signal) => {
        const progress = new Progress(timings, print, options.verbose, signal);
        const workbench = { root, print, progress, signal };
        switch (command) {
          case 'start':
            await start(workbench, options);
            return 0;
          case 'stop':
            await stop(workbench);
            return 0;
          case 'clean':
            await clean(workbench, options);
            return 0;
          case 'test':
            return await test(workbench, options);
        }
      },
      { byPrograms: true },
    );
  } catch (thrown) {
    const error = fileError(thrown);
    if (!(error instanceof UserError)) throw error;
    print(`\n${error.message}`);
    if (error.hint) print(`\n  ${error.hint.replaceAll('\n', '\n  ')}`);
    return error instanceof Interrupted ? INTERRUPTED : 1;
  }
}
