import { setTimeout as delay } from 'node:timers/promises';
import { ProcessRunner } from './process-runner';
import type { RunOptions } from './runner';

/** Milliseconds that a program may take to answer unless somebody says otherwise. */
const ANSWER_MS = 60_000;
const PAUSE_MS = 50;

/** A program that runs until it is stopped. */
export class Daemon {
  private constructor(
    readonly name: string,
    private readonly ending: AbortController,
    private readonly ended: Promise<unknown>,
  ) {}

  /**
   * Starts it and waits until it answers.
   * @param answers asked again and again; the program is there once it says so
   * @throws ProgramError when it ends instead of answering
   */
  static async start(
    name: string,
    argv: readonly string[],
    answers: () => Promise<boolean>,
    { answerMs = ANSWER_MS, ...options }: RunOptions & { answerMs?: number } = {},
  ): Promise<Daemon> {
    const ending = new AbortController();
    let failure: unknown;
    const ended = new ProcessRunner()
      .run(argv, { ...options, signal: ending.signal })
      .catch((error: unknown) => (failure = error));
    const daemon = new Daemon(name, ending, ended);
    const limit = Date.now() + answerMs;
    while (!(await answers())) {
      if (failure === undefined && Date.now() < limit) {
        await delay(PAUSE_MS);
        continue;
      }
      await daemon.stop();
      throw failure ?? new Error(`${name} did not answer within ${answerMs / 1000} s`);
    }
    return daemon;
  }

  async stop(): Promise<void> {
    this.ending.abort();
    await this.ended;
  }
}
