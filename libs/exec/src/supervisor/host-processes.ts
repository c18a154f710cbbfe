import { setTimeout as delay } from 'node:timers/promises';
import type { Runner } from '../runner';
import { endProcesses, listProcesses, type ProcessEntry, type ProcessIdentity } from './process-table';

/** Processes of a host. */
export interface HostProcesses {
  list(): Promise<ProcessEntry[]>;
  /** Asks them to end, waits up to `graceMs`, and ends those that are left. One that has ended meanwhile is no error. */
  end(identities: readonly ProcessIdentity[], graceMs: number): Promise<void>;
}

export const localProcesses: HostProcesses = {
  list: async () => listProcesses(),
  end: endProcesses,
};

/** Milliseconds between two looks at processes that were asked to end, and until those that were killed are gone. */
const POLL_MS = 200;
const KILLED_MS = 2_000;

/** Processes of the host whose programs a runner runs, by ps and kill. */
export class RunnerProcesses implements HostProcesses {
  constructor(private readonly runner: Runner) {}

  async list(): Promise<ProcessEntry[]> {
    const { stdout } = await this.runner.run(['ps', '-ww', '-e', '-o', 'pid=,ppid=,stat=,lstart=,args='], {
      env: { LC_ALL: 'C' },
    });
    return stdout.split('\n').flatMap(entryOf);
  }

  async end(identities: readonly ProcessIdentity[], graceMs: number): Promise<void> {
    await this.#signal(identities, 'TERM');
    if (await this.#ended(identities, graceMs)) return;
    await this.#signal(identities, 'KILL');
    await this.#ended(identities, KILLED_MS);
  }

  async #signal(identities: readonly ProcessIdentity[], signal: string): Promise<void> {
    const pids = (await this.#left(identities)).map(({ pid }) => String(pid));
    // 1: one of them has ended in between.
    if (pids.length > 0) await this.runner.run(['kill', `-${signal}`, ...pids], { expect: [0, 1, 64] });
  }

  async #left(identities: readonly ProcessIdentity[]): Promise<ProcessIdentity[]> {
    if (identities.length === 0) return [];
    const all = await this.list();
    return identities.filter(({ pid, started }) =>
      all.some((entry) => entry.pid === pid && entry.started === started),
    );
  }

  async #ended(identities: readonly ProcessIdentity[], withinMs: number): Promise<boolean> {
    for (const until = Date.now() + withinMs; (await this.#left(identities)).length > 0;) {
      if (Date.now() > until) return false;
      await delay(POLL_MS);
    }
    return true;
  }
}

/** The start as ps writes it, to the second: what is told apart lives longer than that. */
function entryOf(line: string): ProcessEntry[] {
  const [, pid, parent, state = '', started = '', args = ''] =
    /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/.exec(line) ?? [];
  if (pid === undefined || /^[ZX]/.test(state)) return [];
  return [{ pid: Number(pid), parent: Number(parent), started, argv: args.split(' ') }];
}
