import type { Runner } from '@berth/exec';
import type { Endpoint, RunningContainer } from './engine';

/** Seconds between SIGTERM and SIGKILL. */
const GRACE_SECONDS = '2';

/** What the client exits with for a container that has gone already. */
export const GONE = [0, 1, 125];

/** Every exit code that a program in a container can have. */
export const ANY_EXIT_CODE = Array.from({ length: 256 }, (_, code) => code);

/** A container that docker or podman runs: they take the same commands. */
export abstract class ClientContainer implements RunningContainer {
  constructor(
    protected readonly program: 'docker' | 'podman',
    readonly id: string,
    protected readonly runner: Runner,
  ) {}

  abstract endpoint(port: number): Promise<Endpoint>;

  async logs(lines: number): Promise<string[]> {
    const both: string[] = [];
    await this.runner.run([this.program, 'logs', '--tail', String(lines), this.id], {
      onLine: (line) => both.push(line),
    });
    return both.slice(-lines);
  }

  async exitCode(): Promise<number | undefined> {
    const state = await this.inspect('{{.State.Running}} {{.State.ExitCode}}');
    const [running, code] = state.split(' ');
    return running === 'true' ? undefined : Number(code);
  }

  async execute(command: readonly string[]): Promise<number> {
    const { exitCode } = await this.runner.run([this.program, 'exec', this.id, ...command], {
      expect: ANY_EXIT_CODE,
    });
    return exitCode;
  }

  async stop(): Promise<void> {
    await this.runner.run([this.program, 'stop', '--time', GRACE_SECONDS, this.id], { expect: GONE });
    await this.runner.run([this.program, 'rm', '--force', '--volumes', this.id], { expect: GONE });
  }

  protected async inspect(format: string): Promise<string> {
    const { stdout } = await this.runner.run([this.program, 'inspect', '--format', format, this.id]);
    return stdout.trim();
  }
}
