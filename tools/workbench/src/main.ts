import { join } from 'node:path';
import { UserError } from '@berth/model';
import { clean } from './clean';
import { Progress } from './progress';
import { start } from './start';
import { stop } from './stop';
import { test } from './test';
import { Timings } from './timings';
import { usage, parse } from './usage';

/** What every command of the workbench gets. */
export interface Workbench {
  /** Absolute path of the workspace. */
  root: string;
  progress: Progress;
  print(line: string): void;
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
    const workbench = { root, print, progress: new Progress(timings, print, options.verbose) };
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
        return await test(workbench);
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    print(`\n${error.message}`);
    if (error.hint) print(`\n  ${error.hint.replaceAll('\n', '\n  ')}`);
    return 1;
  }
}
