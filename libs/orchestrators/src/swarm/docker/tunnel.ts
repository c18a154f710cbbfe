import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { leaveWish, ProcessRunner, ProgramError, sshFailure, type Runner } from '@berth/exec';
import { UserError } from '@berth/model';

/** Milliseconds that ssh may take to open the way. */
const openMs = 20_000;
/** Seconds between two signs of life, and how many may be missing. */
const aliveSeconds = 5;
const aliveCount = 3;
/** Exit code by which ssh says that it failed itself; see ssh(1). */
const sshFailed = 255;
const remoteSocket = '/var/run/docker.sock';

/** A socket on this machine that leads to dockerd's on another one, by ssh. */
export class Tunnel {
  private constructor(
    readonly destination: string,
    readonly socketPath: string,
    private readonly ending: AbortController,
    /** When there is no way any more. */
    readonly ended: Promise<unknown>,
    private readonly refused: () => string | undefined,
  ) {}

  /** @throws UserError when ssh cannot open it */
  static async open(
    { destination, port }: { destination: string; port?: number },
    runner: Runner = new ProcessRunner(),
  ): Promise<Tunnel> {
    const folder = mkdtempSync(join(tmpdir(), 'berth-docker-'));
    const withdraw = leaveWish({ folder });
    const socketPath = join(folder, 'docker.sock');
    const ending = new AbortController();
    const argv = [
      'ssh',
      ...['-N', '-T', '-o', 'BatchMode=yes', '-o', 'ExitOnForwardFailure=yes'],
      ...['-o', `ServerAliveInterval=${aliveSeconds}`, '-o', `ServerAliveCountMax=${aliveCount}`],
      ...(port === undefined ? [] : ['-p', String(port)]),
      ...['-L', `${socketPath}:${remoteSocket}`, '--', destination],
    ];
    let failure: unknown;
    let refused: string | undefined;
    // ssh says so of each connection that the other side does not open, and goes on.
    const onLine = (line: string) =>
      (refused = /^channel \d+: (open failed: .*)$/.exec(line.trim())?.[1] ?? refused);
    const ended = runner
      .run(argv, { signal: ending.signal, onLine })
      .then(
        () => (failure = new Error('ssh has ended')),
        (error: unknown) => (failure = error),
      )
      .finally(() => {
        rmSync(folder, { recursive: true, force: true });
        withdraw();
      });
    const tunnel = new Tunnel(destination, socketPath, ending, ended, () => refused);
    const limit = Date.now() + openMs;
    while (!existsSync(socketPath)) {
      if (failure === undefined && Date.now() < limit) {
        await pause(50);
        continue;
      }
      ending.abort();
      throw unreached(destination, failure);
    }
    return tunnel;
  }

  close(): void {
    this.ending.abort();
  }

  /** Why there is no dockerd at the other end, once a connection through it was refused there; else undefined. */
  refusal(error: unknown): UserError | undefined {
    const refused = this.refused();
    if (refused === undefined || (error as NodeJS.ErrnoException).code !== 'ECONNRESET') return undefined;
    return new UserError(
      `dockerd on ${this.destination} cannot be reached: nobody answers at ${remoteSocket}, this user may not speak to it, or sshd forwards no sockets (${refused}).`,
      `See whether docker gets in: ssh ${this.destination} docker version\nWho is in the group docker there may speak to it; sshd_config(5) has AllowStreamLocalForwarding.`,
      { cause: error },
    );
  }
}

function unreached(destination: string, failure: unknown): UserError {
  const isSsh =
    failure instanceof ProgramError && failure.failure.kind === 'exit' && failure.exitCode === sshFailed;
  if (isSsh) {
    const host = { destination, knownHosts: ['~/.ssh/known_hosts'], sockets: '' };
    const { message, hint } = sshFailure(host, failure);
    return new UserError(`No way to dockerd on ${message}`, hint, { cause: failure });
  }
  const why = failure instanceof Error ? failure.message : `ssh did not open the way in ${openMs / 1000} s`;
  return new UserError(
    `No way to dockerd on ${destination}: ${why}`,
    `See why: ssh ${destination} docker version`,
    { cause: failure },
  );
}
