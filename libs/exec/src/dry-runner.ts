import { quoteArgv } from '@berth/model';
import { redactText } from './redaction';
import type { Completed, RunOptions, Runner } from './runner';

/** Prints what would be run, as one would type it, and starts nothing. */
export class DryRunner implements Runner {
  constructor(private readonly print: (line: string) => void = (line) => process.stdout.write(`${line}\n`)) {}

  async run(argv: readonly string[], options: RunOptions = {}): Promise<Completed> {
    const where = options.cwd === undefined ? '' : `cd ${quoteArgv([options.cwd])} && `;
    this.print(redactText(`${where}${quoteArgv(argv)}`, options.redact));
    return { argv, exitCode: 0, stdout: '', stderr: '' };
  }
}
