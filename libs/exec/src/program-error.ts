import { UserError } from '@berth/model';
import { programHint } from './program-hint';
import { quoteArgv } from '@berth/model';
import { redactText } from './redaction';
import type { Completed } from './runner';

/** Why a program did not do what was asked. */
export type Failure =
  | { kind: 'not-found' }
  | { kind: 'not-started'; reason: string }
  | { kind: 'exit'; exitCode: number }
  | { kind: 'signal'; signal: string }
  | { kind: 'timeout'; milliseconds: number }
  | { kind: 'aborted' };

const SHOWN_LINES = 15;

/** A program could not be started, exited with an unexpected code, or was ended. Its message is safe to print. */
export class ProgramError extends UserError {
  override readonly name = 'ProgramError';
  readonly argv: readonly string[];
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;

  constructor(
    completed: Completed,
    readonly failure: Failure,
    secrets: readonly string[] = [],
    options?: ErrorOptions,
  ) {
    super(message(completed, failure, secrets), hint(completed, failure), options);
    this.argv = completed.argv.map((word) => redactText(word, secrets));
    this.exitCode = completed.exitCode;
    this.stdout = redactText(completed.stdout, secrets);
    this.stderr = redactText(completed.stderr, secrets);
  }
}

function message(completed: Completed, failure: Failure, secrets: readonly string[]): string {
  const command = redactText(quoteArgv(completed.argv), secrets);
  const output = lastLines(redactText(`${completed.stdout}\n${completed.stderr}`, secrets));
  return [`${command}\n${describe(failure, completed.argv[0] ?? '')}`, ...output].join('\n  ');
}

function describe(failure: Failure, program: string): string {
  switch (failure.kind) {
    case 'not-found':
      return `the program ${program} is not installed, or not in PATH`;
    case 'not-started':
      return `could not be started: ${failure.reason}`;
    case 'exit':
      return `exited with code ${failure.exitCode}`;
    case 'signal':
      return `was ended by ${failure.signal}`;
    case 'timeout':
      return `was ended after ${failure.milliseconds / 1000} s without having finished`;
    case 'aborted':
      return 'was ended because it is no longer wanted';
  }
}

function hint({ argv, stdout, stderr }: Completed, failure: Failure): string | undefined {
  return programHint(argv[0] ?? '', failure, lastLines(`${stdout}\n${stderr}`).join('\n'));
}

function lastLines(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-SHOWN_LINES);
}
