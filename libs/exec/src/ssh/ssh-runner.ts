import { quoteArgv } from '@berth/model';
import { ProgramError } from '../program-error';
import type { Completed, RunOptions, Runner } from '../runner';
import { sshFailure } from './ssh-error';

/** Sessions that one connection carries at once; sshd's own limit is 10 (MaxSessions in sshd_config(5)). */
const SESSIONS = 8;
/** Exit code by which ssh says that it failed itself; see ssh(1). */
const SSH_FAILED = 255;
/** Seconds until a host that does not answer counts as unreachable, and until a connection that is silent is cut. */
const CONNECT_SECONDS = 10;
const ALIVE_SECONDS = 5;
const ALIVE_COUNT = 3;
/** Seconds that an idle connection is kept: it ends by itself when Berth was killed. */
const PERSIST_SECONDS = 60;

export interface SshHost {
  /** As ssh takes it: `name`, `address` or `user@address`. */
  destination: string;
  /** Files of known host keys, looked at in this order; a host that is in none is refused. */
  knownHosts: readonly string[];
  /** In place of the user's own configuration; see ssh_config(5). */
  configuration?: string;
  /** Folder of the connection's socket; only this user may enter it. */
  sockets: string;
}

/**
 * Runs programs on another host by the system's ssh: one connection, that all of them share. Nobody is asked for
 * anything, and a host whose key is not known, or has changed, is refused.
 */
export class SshRunner implements Runner {
  #opening: Promise<void> | undefined;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** @param runner runs ssh on this machine */
  constructor(
    private readonly runner: Runner,
    readonly host: SshHost,
  ) {}

  /** @throws SshError when the host cannot be reached, is not known, has another key or does not let us in */
  run(argv: readonly string[], options: RunOptions = {}): Promise<Completed> {
    return this.#run([], argv, options);
  }

  /** Runs programs by root's right, over the same connection; sudo must not ask for a password. */
  asRoot(): Runner {
    return { run: (argv, options = {}) => this.#run(['sudo', '-n', '--'], argv, options) };
  }

  async #run(prefix: readonly string[], argv: readonly string[], options: RunOptions): Promise<Completed> {
    await this.#open(options);
    await this.#slot();
    try {
      return await this.#ssh(argv, options, prefix);
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  /**
   * Leads a port of this machine's loopback address to one of the host's.
   * @returns ends that
   */
  async forward(localPort: number, remotePort: number): Promise<() => Promise<void>> {
    await this.#open({});
    const way = ['-L', `127.0.0.1:${localPort}:127.0.0.1:${remotePort}`, this.host.destination];
    await this.runner.run([...this.#command(), '-O', 'forward', ...way]);
    return async () => {
      await this.runner.run([...this.#command(), '-O', 'cancel', ...way], { expect: [0, SSH_FAILED] });
    };
  }

  /** Ends the connection; nothing when there is none. */
  async close(): Promise<void> {
    this.#opening = undefined;
    await this.runner.run([...this.#command(), '-O', 'exit', this.host.destination], {
      expect: [0, SSH_FAILED],
    });
  }

  /** Before all else, so that the first programs do not each open a connection of their own. */
  #open(options: RunOptions): Promise<void> {
    this.#opening ??= this.#ssh(['true'], options.signal ? { signal: options.signal } : {}).then(
      () => undefined,
      (error: unknown) => {
        this.#opening = undefined;
        throw error;
      },
    );
    return this.#opening;
  }

  async #slot(): Promise<void> {
    if (this.#running >= SESSIONS) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
  }

  async #ssh(
    argv: readonly string[],
    options: RunOptions,
    prefix: readonly string[] = [],
  ): Promise<Completed> {
    // Folder and variables are of the program there.
    const { cwd: _cwd, env: _env, expect = [0], ...rest } = options;
    const local = { ...rest, expect: [...expect, SSH_FAILED] };
    const remote = [...prefix, ...remoteArgv(argv, options)];
    const line = [...this.#command(), this.host.destination, '--', quoteArgv(remote)];
    const completed = await this.runner.run(line, local).catch((error: unknown) => {
      throw error instanceof ProgramError && error.failure.kind === 'exit'
        ? new ProgramError({ ...error, argv: named(this.host, argv) }, error.failure, options.redact)
        : error;
    });
    if (completed.exitCode === SSH_FAILED) throw sshFailure(this.host, completed);
    return { ...completed, argv };
  }

  #command(): string[] {
    const { knownHosts, configuration, sockets } = this.host;
    const options = {
      BatchMode: 'yes',
      StrictHostKeyChecking: 'yes',
      UserKnownHostsFile: knownHosts.map((file) => `"${file}"`).join(' '),
      UpdateHostKeys: 'no',
      ConnectTimeout: CONNECT_SECONDS,
      ServerAliveInterval: ALIVE_SECONDS,
      ServerAliveCountMax: ALIVE_COUNT,
      ControlMaster: 'auto',
      // A hash: the path of a socket has 108 characters at most.
      ControlPath: `${sockets}/%C`,
      ControlPersist: PERSIST_SECONDS,
      // Much faster than ssh's first choice where the processor has instructions for it: whole programs are copied.
      Ciphers: '^aes128-gcm@openssh.com',
      LogLevel: 'ERROR',
    };
    return [
      'ssh',
      '-T',
      ...(configuration === undefined ? [] : ['-F', configuration]),
      ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    ];
  }
}

/**
 * What runs there: in a folder and with variables by env(1), and ended by timeout(1), because a program goes on when
 * the ssh that waits for it is ended.
 */
export function remoteArgv(
  argv: readonly string[],
  { cwd, env = {}, timeoutMs }: Pick<RunOptions, 'cwd' | 'env' | 'timeoutMs'>,
): string[] {
  const removed = Object.keys(env).filter((name) => env[name] === undefined);
  const set = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : `${name}=${value}`));
  const changes = [
    ...(cwd === undefined ? [] : ['-C', cwd]),
    ...removed.flatMap((name) => ['-u', name]),
    ...set,
  ];
  return [
    ...(timeoutMs === undefined ? [] : ['timeout', '-k', '5', String(timeoutMs / 1000)]),
    ...(changes.length === 0 ? [] : ['env', ...changes]),
    ...argv,
  ];
}

/** For messages: which host it was, and not all of ssh's options. */
function named({ destination }: SshHost, argv: readonly string[]): string[] {
  return ['ssh', destination, ...argv];
}
