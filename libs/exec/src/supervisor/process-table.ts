import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A running process. A pid alone does not name one: pids are used again, so the start time belongs to it. */
export interface ProcessIdentity {
  pid: number;
  /** Clock ticks since boot (field 22 of /proc/<pid>/stat). */
  started: string;
}

export interface ProcessEntry extends ProcessIdentity {
  parent: number;
  argv: string[];
}

/** The process of that pid, or undefined when there is none or it has already ended. */
export function findProcess(pid: number): ProcessEntry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const started = startInStat(stat);
    if (started === undefined) return undefined;
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
    return { pid, started, parent: Number(fieldsOf(stat)[1]), argv };
  } catch {
    return undefined;
  }
}

/** The start of a process by its /proc/<pid>/stat; undefined when it has ended, and only waits for its parent to ask. */
export function startInStat(stat: string): string | undefined {
  const fields = fieldsOf(stat);
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

/** From the third on: the second is the name in parentheses and may hold spaces and parentheses itself. */
function fieldsOf(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

export function listProcesses(): ProcessEntry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => findProcess(Number(name)) ?? []);
}

/** Those of `all` that descend from one of `ancestors`, without these. */
export function descendantsOf(
  ancestors: readonly ProcessEntry[],
  all: readonly ProcessEntry[],
): ProcessEntry[] {
  const found = new Set(ancestors.map(({ pid }) => pid));
  for (let grown = true; grown;) {
    grown = false;
    for (const { pid, parent } of all) {
      if (!found.has(pid) && found.has(parent)) {
        found.add(pid);
        grown = true;
      }
    }
  }
  const roots = new Set(ancestors.map(({ pid }) => pid));
  return all.filter(({ pid }) => found.has(pid) && !roots.has(pid));
}

/** Whether exactly that process still runs, and not another one under its pid. */
export function isRunning(identity: ProcessIdentity): boolean {
  return findProcess(identity.pid)?.started === identity.started;
}

/** Names this process in what it may leave behind, for example `4711-183920`: pid and start. */
export function ownMark(): string {
  return `${process.pid}-${findProcess(process.pid)?.started ?? '0'}`;
}

/** Whether the process that a mark names has ended. */
export function isGone(mark: string): boolean {
  const [pid = '', started = ''] = mark.split('-');
  // Where there is no table of processes, its start is not known.
  return existsSync('/proc/self') && !isRunning({ pid: Number(pid), started });
}

/**
 * Asks processes to end (SIGTERM), waits, and ends those that are left (SIGKILL).
 * @returns when none of them runs any more, or `graceMs` and two seconds have passed.
 */
export async function endProcesses(identities: readonly ProcessIdentity[], graceMs: number): Promise<void> {
  send(identities, 'SIGTERM');
  if (await ended(identities, graceMs)) return;
  send(identities, 'SIGKILL');
  await ended(identities, 2_000);
}

function send(identities: readonly ProcessIdentity[], signal: NodeJS.Signals): void {
  for (const identity of identities.filter(isRunning)) {
    try {
      process.kill(identity.pid, signal);
    } catch {
      // It ended in between.
    }
  }
}

async function ended(identities: readonly ProcessIdentity[], withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs;
  while (identities.some(isRunning)) {
    if (Date.now() > until) return false;
    await delay(50);
  }
  return true;
}
