import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listProcesses, ProcessRunner, ProgramError, type ProcessEntry } from '@berth/exec';
import { until } from '@berth/exec/src/testing-until';
import type { Checkout } from './checkout';

/** In the environment of everything that a command starts, and of nothing else. */
const variable = 'BERTH_E2E_COMMAND';

/** Writes to a file as to a terminal, which others can open too: a pipe of Node's is a socket. */
const toFile = 'log="$1"; shift; exec "$@" >>"$log" 2>&1 </dev/null';

let count = 0;

/** A command in a checkout as the foreground job of a terminal: a process group that gets Ctrl-C. */
export class Foreground {
  readonly #mark = `${process.pid}-${++count}`;
  readonly #log: string;
  readonly #end: Promise<number>;
  #exitCode: number | undefined;

  constructor(checkout: Pick<Checkout, 'root'>, argv: readonly string[]) {
    const folder = join(checkout.root, '.berth');
    mkdirSync(folder, { recursive: true });
    this.#log = join(folder, `command-${this.#mark}.log`);
    const env = {
      NX_DAEMON: 'false',
      NX_ISOLATE_PLUGINS: 'false',
      NX_TUI: 'false',
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
      [variable]: this.#mark,
    };
    this.#end = new ProcessRunner()
      .run(['bash', '-c', toFile, 'bash', this.#log, ...argv], {
        cwd: checkout.root,
        env,
        timeoutMs: 120_000,
      })
      .then(
        ({ exitCode }) => exitCode,
        (error: unknown) => {
          if (error instanceof ProgramError) return error.exitCode;
          throw error;
        },
      )
      .then((exitCode) => (this.#exitCode = exitCode));
  }

  static nx(checkout: Pick<Checkout, 'root'>, ...args: string[]): Foreground {
    return new Foreground(checkout, [process.execPath, 'node_modules/nx/dist/bin/nx.js', ...args]);
  }

  get output(): string {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8') : '';
  }

  /** Until the output shows that something has begun. @throws Error with the output when the command ends before */
  async untilItSays(text: string): Promise<void> {
    await until(
      () => ({ there: this.output.includes(text), ended: this.#exitCode, output: this.output.slice(-2000) }),
      ({ there, ended }) => there || ended !== undefined,
      60_000,
    );
    if (!this.output.includes(text))
      throw new Error(`it ended with ${this.#exitCode} before it said "${text}":\n${this.output}`);
  }

  /** Ctrl-C. @returns the exit code */
  async interrupt(): Promise<number> {
    process.kill(-this.leader.pid, 'SIGINT');
    return this.#end;
  }

  /** kill -9 of one process: the first whose words have `word` among them. */
  async kill(word: string): Promise<void> {
    const found = this.processes().find(({ argv }) => argv.some((part) => part.endsWith(word)));
    if (!found) throw new Error(`there is no process ${word}: ${JSON.stringify(this.processes())}`);
    process.kill(found.pid, 'SIGKILL');
    // The output of others keeps the command open until they have ended too.
    await this.#end;
  }

  /** @returns the exit code, -1 for what a signal has ended */
  end(): Promise<number> {
    return this.#end;
  }

  /** What runs of the command, the oldest first. */
  processes(): ProcessEntry[] {
    return listProcesses()
      .filter(({ pid }) => environmentOf(pid).includes(`${variable}=${this.#mark}`))
      .sort((one, other) => Number(one.started) - Number(other.started));
  }

  private get leader(): ProcessEntry {
    const leader = this.processes().find(({ parent }) => parent === process.pid);
    if (!leader) throw new Error(`the command has ended with ${this.#exitCode}:\n${this.output}`);
    return leader;
  }
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
