import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { leaveWish } from './guard/guard';
import { LineCutter } from './lines';
import { ProgramError, type Failure } from './program-error';
import { redactText } from './redaction';
import type { Completed, RunOptions, Runner } from './runner';
import { findProcess } from './supervisor/process-table';

/** Milliseconds between asking a program to end and ending it. */
const GRACE_MS = 5_000;

/** Milliseconds after which a program gets a guard, which is a process itself: most have ended by then. */
const GUARD_AFTER_MS = 100;

/** Children that are still running; they would otherwise outlive an interrupted Berth. */
const running = new Set<ChildProcessWithoutNullStreams>();

/** How many programs of this process run now. */
export function runningPrograms(): number {
  return running.size;
}

process.on('exit', () => {
  for (const child of running) signalGroup(child, 'SIGTERM');
});

/** Starts real programs. Each gets a process group of its own, so that its children end with it. */
export class ProcessRunner implements Runner {
  /** @param defaults options of every run; a run's own come before them. */
  constructor(private readonly defaults: RunOptions = {}) {}

  run(argv: readonly string[], options: RunOptions = {}): Promise<Completed> {
    const merged: RunOptions = {
      ...this.defaults,
      ...options,
      env: { ...this.defaults.env, ...options.env },
      redact: [...(this.defaults.redact ?? []), ...(options.redact ?? [])],
    };
    return runProcess(argv, merged);
  }
}

function runProcess(argv: readonly string[], options: RunOptions): Promise<Completed> {
  const [program, ...rest] = argv;
  if (program === undefined) throw new TypeError('an empty argv cannot be run');
  return new Promise((resolve, reject) => {
    let ended: Failure | undefined;
    let stdout = '';
    let stderr = '';
    const fail = (failure: Failure, exitCode: number, cause?: unknown) =>
      reject(new ProgramError({ argv, exitCode, stdout, stderr }, failure, options.redact, { cause }));

    if (options.signal?.aborted) return fail({ kind: 'aborted' }, -1);
    const child = spawn(program, rest, {
      cwd: options.cwd,
      env: environment(options.env),
      detached: true,
      stdio: 'pipe',
    });
    running.add(child);
    const unguard = guarded(child);

    let killer: NodeJS.Timeout | undefined;
    const end = (failure: Failure) => {
      if (ended) return;
      ended = failure;
      if (options.endBy) child.kill(options.endBy);
      else signalGroup(child, 'SIGTERM');
      killer = setTimeout(() => {
        signalGroup(child, 'SIGKILL');
        // A child that left the group may hold the pipes open for ever.
        child.stdout.destroy();
        child.stderr.destroy();
      }, GRACE_MS);
    };
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => end({ kind: 'timeout', milliseconds: options.timeoutMs ?? 0 }), options.timeoutMs);
    const onAbort = () => end({ kind: 'aborted' });
    options.signal?.addEventListener('abort', onAbort, { once: true });
    const settle = () => {
      running.delete(child);
      unguard();
      clearTimeout(timer);
      clearTimeout(killer);
      options.signal?.removeEventListener('abort', onAbort);
    };

    const cutter = (stream: 'stdout' | 'stderr') =>
      new LineCutter((line) => options.onLine?.(redactText(line, options.redact), stream));
    const cutters = { stdout: cutter('stdout'), stderr: cutter('stderr') };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      cutters.stdout.push(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      cutters.stderr.push(text);
    });
    // A program may end without having read its input; its exit code says whether that is an error.
    child.stdin.on('error', () => undefined);
    if (options.inputFile === undefined) child.stdin.end(options.input ?? '');
    else {
      const file = createReadStream(options.inputFile);
      file.on('error', (error) => end({ kind: 'not-started', reason: error.message }));
      file.pipe(child.stdin);
    }

    child.on('error', (error: NodeJS.ErrnoException) => {
      settle();
      // ENOENT is also what a missing working directory gives.
      const notFound = error.code === 'ENOENT' && (options.cwd === undefined || existsSync(options.cwd));
      fail(notFound ? { kind: 'not-found' } : { kind: 'not-started', reason: error.message }, -1, error);
    });
    child.on('close', (code, signal) => {
      settle();
      cutters.stdout.end();
      cutters.stderr.end();
      const exitCode = code ?? -1;
      if (ended) return fail(ended, exitCode);
      if (signal) return fail({ kind: 'signal', signal }, exitCode);
      if (!(options.expect ?? [0]).includes(exitCode)) return fail({ kind: 'exit', exitCode }, exitCode);
      resolve({ argv, exitCode, stdout, stderr });
    });
  });
}

/** Sees to it that a child ends with this process, also when this one is killed. @returns ends that */
function guarded({ pid }: ChildProcessWithoutNullStreams): () => void {
  if (pid === undefined) return () => undefined;
  let withdraw: (() => void) | undefined;
  const timer = setTimeout(() => {
    const leader = findProcess(pid);
    if (leader) withdraw = leaveWish({ group: pid, started: leader.started });
  }, GUARD_AFTER_MS).unref();
  return () => {
    clearTimeout(timer);
    withdraw?.();
  };
}

function environment(changes: RunOptions['env']): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries({ ...process.env, ...changes }).filter(([, value]) => value !== undefined),
  );
}

function signalGroup(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has already ended.
  }
}
