import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { leaveWish, ProcessRunner, ProgramError, type Runner } from '@berth/exec';
import { UserError } from '@berth/model';

/** Milliseconds that ssh may take to open the way. */
const openMs = 20_000;
const remoteSocket = '/var/run/docker.sock';

/** A socket on this machine that leads to dockerd's on another one, by ssh. */
export class Tunnel {
  private constructor(
    readonly socketPath: string,
    private readonly ending: AbortController,
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
      ...(port === undefined ? [] : ['-p', String(port)]),
      ...['-L', `${socketPath}:${remoteSocket}`, '--', destination],
    ];
    let failure: unknown;
    void runner
      .run(argv, { signal: ending.signal })
      .catch((error: unknown) => (failure = error))
      .finally(() => {
        rmSync(folder, { recursive: true, force: true });
        withdraw();
      });
    const limit = Date.now() + openMs;
    while (!existsSync(socketPath)) {
      if (failure === undefined && Date.now() < limit) {
        await pause(50);
        continue;
      }
      ending.abort();
      const why =
        failure instanceof ProgramError ? failure.message : `it did not open within ${openMs / 1000} s`;
      throw new UserError(
        `dockerd on ${destination} cannot be reached by ssh: ${why}`,
        `See why: ssh ${destination} docker version`,
        { cause: failure },
      );
    }
    return new Tunnel(socketPath, ending);
  }

  close(): void {
    this.ending.abort();
  }
}
