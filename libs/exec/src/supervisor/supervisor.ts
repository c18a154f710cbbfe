import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, closeSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeWhole } from '../files/write-whole';
import { endProcesses, findProcess, isRunning, type ProcessIdentity } from './process-table';
import type { Unit, UnitKeeper } from './unit';

/** What started programs may see of the environment: the same whoever starts them. */
const ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LANG: 'C.UTF-8',
};
/** Milliseconds: longer than a supervisor gives its program. */
const STOP_MS = 25_000;
const START_MS = 5_000;

/**
 * Keeps programs running on a machine without systemd: one small detached process each, that starts the program again
 * when it ends. Their state is in files, so any later process finds, restarts or ends them.
 */
export class Supervisor implements UnitKeeper {
  /**
   * @param folder for unit files and identities of processes
   * @param logs for one log file a unit
   */
  constructor(
    private readonly folder: string,
    private readonly logs: string,
  ) {}

  async isRunning(unit: Unit): Promise<boolean> {
    const own = this.#identity(unit.name, 'supervisor');
    const child = this.#identity(unit.name, 'program');
    if (!own || !isRunning(own) || this.#unitText(unit) !== this.#writtenText(unit.name)) return false;
    // One that still waits for its files is as it should be.
    return child ? isRunning(child) : !(unit.waitForFiles ?? []).every((file) => existsSync(file));
  }

  async ensure(unit: Unit): Promise<void> {
    if (await this.isRunning(unit)) return;
    await this.stop(unit.name);
    mkdirSync(this.folder, { recursive: true, mode: 0o755 });
    mkdirSync(this.logs, { recursive: true, mode: 0o755 });
    const program = join(this.folder, 'supervise.mjs');
    writeWhole(
      { path: program, content: readFileSync(join(__dirname, 'supervise.mjs'), 'utf8') },
      { path: this.#file(unit.name, 'unit'), content: this.#unitText(unit) },
    );
    const log = openSync(this.#logFile(unit.name), 'a');
    const child = spawn(process.execPath, [program, this.#file(unit.name, 'unit')], {
      cwd: '/',
      env: ENVIRONMENT,
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    child.unref();
    await this.#started(unit, child.pid);
  }

  async stop(name: string): Promise<void> {
    const own = this.#identity(name, 'supervisor');
    if (own) await endProcesses([own], STOP_MS);
    // A supervisor that was killed leaves its program behind.
    const child = this.#identity(name, 'program');
    if (child) await endProcesses([child], STOP_MS);
    for (const kind of ['supervisor', 'program', 'unit'] as const)
      rmSync(this.#file(name, kind), { force: true });
  }

  logHint(name: string): string {
    return this.#logFile(name);
  }

  async #started(unit: Unit, pid: number | undefined): Promise<void> {
    const until = Date.now() + START_MS;
    while (Date.now() < until) {
      const own = this.#identity(unit.name, 'supervisor');
      if (own && isRunning(own)) return;
      if (pid !== undefined && !findProcess(pid)) break;
      await delay(20);
    }
    throw new Error(`the supervisor of ${unit.name} did not start; see ${this.#logFile(unit.name)}`);
  }

  #identity(name: string, kind: 'supervisor' | 'program'): ProcessIdentity | undefined {
    try {
      return JSON.parse(readFileSync(this.#file(name, kind), 'utf8')) as ProcessIdentity;
    } catch {
      // None was written, or a power cut left an empty file.
      return undefined;
    }
  }

  #writtenText(name: string): string | undefined {
    const file = this.#file(name, 'unit');
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  #unitText(unit: Unit): string {
    return JSON.stringify(
      {
        unit,
        logFile: this.#logFile(unit.name),
        ownFile: this.#file(unit.name, 'supervisor'),
        childFile: this.#file(unit.name, 'program'),
      },
      null,
      2,
    );
  }

  #file(name: string, kind: 'unit' | 'supervisor' | 'program'): string {
    return join(this.folder, kind === 'unit' ? `${name}.json` : `${name}.${kind}.pid`);
  }

  #logFile(name: string): string {
    return join(this.logs, `${name}.log`);
  }
}
