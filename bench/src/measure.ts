import { readdirSync, readFileSync } from 'node:fs';
import type { Runner, RunOptions } from '@berth/exec';

/** Milliseconds between two looks at the memory of what runs. */
const LOOK_MS = 50;

export interface Measured {
  /** From the start of the program to its end. */
  seconds: number;
  /** The most that it and all programs it started had resident at one time. Pages that they share count in each. */
  megabytes: number;
  /** Seconds of CPU that it and all programs it started have used; more than it took where they ran side by side. */
  cpuSeconds: number;
}

/**
 * Runs a program and measures it. Nothing else may be started by this process meanwhile.
 * @throws ProgramError when it fails: a failure is no figure
 */
export async function measure(
  runner: Runner,
  argv: readonly string[],
  options?: RunOptions,
): Promise<Measured> {
  const before = new Set(childrenOf(process.pid));
  let bytes = 0;
  const look = setInterval(() => {
    const started = childrenOf(process.pid).filter((pid) => !before.has(pid));
    bytes = Math.max(bytes, started.map(residentBytes).reduce(sum, 0));
  }, LOOK_MS);
  const [start, used] = [performance.now(), endedSeconds()];
  try {
    await runner.run(argv, options);
    return {
      seconds: (performance.now() - start) / 1000,
      megabytes: bytes / 2 ** 20,
      cpuSeconds: endedSeconds() - used,
    };
  } finally {
    clearInterval(look);
  }
}

/** Megabytes that a process and all below it have resident; nothing of one that has ended. */
export function residentMegabytes(pid: number): number {
  return residentBytes(pid) / 2 ** 20;
}

/** Seconds of CPU that a process has used since it began. */
export function cpuSeconds(pid: number): number {
  const { utime, stime } = timesOf(pid);
  return utime + stime;
}

/** Seconds of CPU that all programs of this process have used that have ended by now, and those that they started. */
function endedSeconds(): number {
  const { cutime, cstime } = timesOf(process.pid);
  return cutime + cstime;
}

/** In seconds: proc(5) has them in ticks, of which Linux always says that a second has 100. */
function timesOf(pid: number): Record<'utime' | 'stime' | 'cutime' | 'cstime', number> {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name may have spaces.
  const [utime = 0, stime = 0, cutime = 0, cstime = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .map((ticks) => Number(ticks) / 100);
  return { utime, stime, cutime, cstime };
}

/** The process of this one's that runs a program. @throws Error when there is none */
export function pidOf(program: string): number {
  const pid = childrenOf(process.pid).find(
    (child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').split('\0')[0] === program,
  );
  if (pid === undefined) throw new Error(`${program} does not run`);
  return pid;
}

function residentBytes(pid: number): number {
  try {
    // In kB: proc(5). The line is not there for a process that has ended and was not waited for.
    const kilobytes = Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    return childrenOf(pid)
      .map(residentBytes)
      .reduce(sum, kilobytes * 1024);
  } catch {
    return 0;
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

const sum = (a: number, b: number) => a + b;
