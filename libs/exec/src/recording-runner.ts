import { ProgramError } from './program-error';
import { quoteArgv } from '@berth/model';
import { redactText } from './redaction';
import type { Completed, RunOptions, Runner } from './runner';

/** What a scripted program answers; what is absent is empty, the exit code 0. */
export interface Answer {
  exitCode?: number;
  stdout?: string;
  stderr?: string;
}

/** One recorded run. */
export interface Recorded {
  /** With the values of `redact` replaced by `***`. */
  argv: readonly string[];
  input?: string;
  inputFile?: string;
  cwd?: string;
  env?: Readonly<Record<string, string | undefined>>;
}

type Matcher = RegExp | readonly string[] | ((argv: readonly string[]) => boolean);
type Reply = Answer | Error | ((argv: readonly string[], options: RunOptions) => Answer | Promise<Answer>);

/**
 * Starts nothing: keeps what it was asked to run, and answers as the test says.
 * A run that no rule matches succeeds with empty output, or fails the test when `strict`.
 */
export class RecordingRunner implements Runner {
  readonly runs: Recorded[] = [];
  readonly #rules: { matches: (argv: readonly string[]) => boolean; replies: Reply[] }[] = [];

  constructor(private readonly options: { strict?: boolean } = {}) {}

  /**
   * Answers runs that match: an argv prefix, a pattern on the quoted command line, or a function.
   * Several replies are given one after the other, the last one for ever. Later rules come before earlier ones.
   */
  when(matcher: Matcher, ...replies: Reply[]): this {
    this.#rules.unshift({ matches: matching(matcher), replies: replies.length > 0 ? replies : [{}] });
    return this;
  }

  /** The recorded command lines, as one would type them. */
  get lines(): string[] {
    return this.runs.map(({ argv }) => quoteArgv(argv));
  }

  async run(argv: readonly string[], options: RunOptions = {}): Promise<Completed> {
    const redact = (text: string) => redactText(text, options.redact);
    this.runs.push({
      argv: argv.map(redact),
      ...(options.input === undefined ? {} : { input: redact(options.input) }),
      ...(options.inputFile === undefined ? {} : { inputFile: options.inputFile }),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env }),
    });
    const rule = this.#rules.find(({ matches }) => matches(argv));
    if (!rule && this.options.strict) throw new Error(`no answer was scripted for: ${quoteArgv(argv)}`);
    const reply = rule ? ((rule.replies.length > 1 ? rule.replies.shift() : rule.replies[0]) as Reply) : {};
    if (reply instanceof Error) throw reply;
    const answer = typeof reply === 'function' ? await reply(argv, options) : reply;
    const completed: Completed = {
      argv,
      exitCode: answer.exitCode ?? 0,
      stdout: answer.stdout ?? '',
      stderr: answer.stderr ?? '',
    };
    for (const stream of ['stdout', 'stderr'] as const) {
      for (const line of completed[stream].split('\n').filter(Boolean))
        options.onLine?.(redact(line), stream);
    }
    if (!(options.expect ?? [0]).includes(completed.exitCode)) {
      throw new ProgramError(completed, { kind: 'exit', exitCode: completed.exitCode }, options.redact);
    }
    return completed;
  }
}

function matching(matcher: Matcher): (argv: readonly string[]) => boolean {
  if (typeof matcher === 'function') return matcher;
  if (matcher instanceof RegExp) return (argv) => matcher.test(quoteArgv(argv));
  return (argv) => matcher.every((word, index) => argv[index] === word);
}
