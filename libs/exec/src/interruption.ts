import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '@berth/model';
import { runningPrograms } from './process-runner';

/** Milliseconds that interrupted work gets to tidy up; longer than programs get to end. */
const TIDY_MS = 8_000;
/** Milliseconds without a running program after which work that has said so has nothing to tidy up. */
const IDLE_MS = 500;
const POLL_MS = 25;

const outputs = [process.stdout, process.stderr] as const;
const ignore = () => undefined;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A person, or what has started this process, wants it to end. */
export class Interrupted extends UserError {
  override readonly name = 'Interrupted';

  constructor(message = 'Interrupted.') {
    super(message, 'Run the same command again: it goes on from there.');
  }
}

export interface InterruptionOptions {
  /** In place of `Interrupted.` */
  message?: string;
  /** The work's effects are its programs': while none runs, it only waits for something, and may be left at once. */
  byPrograms?: boolean;
}

/**
 * Does work that ends early, and tidies up, on Ctrl-C, when the process is asked to end, when its terminal goes, and
 * when the process that forked it has ended.
 * @param work gets the signal that says so, and gives it to the programs that it runs
 * @throws Interrupted when any of that came, whatever the work made of it
 */
export async function interruptible<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  { message, byPrograms = false }: InterruptionOptions = {},
): Promise<Result> {
  const controller = new AbortController();
  const { signal } = controller;
  const stop = () => controller.abort(new Interrupted(message));
  // Not just once: Nx asks a task to end that the terminal has asked already.
  for (const name of signals) process.on(name, stop);
  process.on('disconnect', stop);
  // Whoever read what is printed may be gone: that must not keep the work from tidying up.
  for (const stream of outputs) stream.on('error', ignore);
  try {
    const result = await Promise.race([work(signal), tooLong(signal, byPrograms)]);
    signal.throwIfAborted();
    return result;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    for (const name of signals) process.off(name, stop);
    process.off('disconnect', stop);
    if (!signal.aborted) for (const stream of outputs) stream.off('error', ignore);
  }
}

/** Rejects when interrupted work has had the time that it gets. Never resolves. */
function tooLong(signal: AbortSignal, byPrograms: boolean): Promise<never> {
  return new Promise((_, reject) => {
    const watch = async () => {
      const end = Date.now() + TIDY_MS;
      let busy = Date.now();
      while (Date.now() < end && !(byPrograms && Date.now() - busy > IDLE_MS)) {
        await delay(POLL_MS);
        if (runningPrograms() > 0) busy = Date.now();
      }
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', () => void watch(), { once: true });
  });
}
