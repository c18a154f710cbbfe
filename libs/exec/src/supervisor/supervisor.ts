import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessIdentity } from './process-table';
import { thisHost, type SupervisorHost } from './supervisor-host';
import type { Unit, UnitKeeper } from './unit';

/** Milliseconds: longer than a supervisor gives its program. */
const STOP_MS = 25_000;
const START_MS = 5_000;

/**
 * Keeps programs running on a host without systemd: one small detached process each, that starts the program again
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
    private readonly host: SupervisorHost = thisHost,
  ) {}

  async isRunning(unit: Unit): Promise<boolean> {
    const { files } = this.host;
    const own = await this.#identity(unit.name, 'supervisor');
    if (!own || !(await this.host.isRunning(own))) return false;
    if (this.#unitText(unit) !== (await files.read(this.#file(unit.name, 'unit')))) return false;
    const child = await this.#identity(unit.name, 'program');
    if (child) return this.host.isRunning(child);
    // One that still waits for its files is as it should be.
    for (const file of unit.waitForFiles ?? []) if (!(await files.exists(file))) return true;
    return false;
  }

  async ensure(unit: Unit): Promise<void> {
    if (await this.isRunning(unit)) return;
    await this.stop(unit.name);
    const program = join(this.folder, 'supervise.mjs');
    const log = this.#logFile(unit.name);
    const { files } = this.host;
    await files.write(
      { path: program, content: readFileSync(join(__dirname, 'supervise.mjs'), 'utf8') },
      { path: this.#file(unit.name, 'unit'), content: this.#unitText(unit) },
    );
    if (!(await files.exists(log))) await files.write({ path: log, content: '' });
    await this.host.launch(program, this.#file(unit.name, 'unit'), log);
    await this.#started(unit);
  }

  async stop(name: string): Promise<void> {
    const own = await this.#identity(name, 'supervisor');
    if (own) await this.host.end(own, STOP_MS);
    // A supervisor that was killed leaves its program behind.
    const child = await this.#identity(name, 'program');
    if (child) await this.host.end(child, STOP_MS);
    for (const kind of ['supervisor', 'program', 'unit'] as const)
      await this.host.files.remove(this.#file(name, kind));
  }

  logHint(name: string): string {
    return this.#logFile(name);
  }

  async #started(unit: Unit): Promise<void> {
    const until = Date.now() + START_MS;
    while (Date.now() < until) {
      const own = await this.#identity(unit.name, 'supervisor');
      if (own && (await this.host.isRunning(own))) return;
      await delay(20);
    }
    throw new Error(`the supervisor of ${unit.name} did not start; see ${this.#logFile(unit.name)}`);
  }

  async #identity(name: string, kind: 'supervisor' | 'program'): Promise<ProcessIdentity | undefined> {
    try {
      return JSON.parse((await this.host.files.read(this.#file(name, kind))) ?? '') as ProcessIdentity;
    } catch {
      // None was written, or a power cut left an empty file.
      return undefined;
    }
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
