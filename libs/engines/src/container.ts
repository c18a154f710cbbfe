import type { Runner } from '@berth/exec';
import type { RunningContainer } from '../engine';

/** Seconds between SIGTERM and SIGKILL. */
const GRACE_SECONDS = '2';

export class DockerContainer implements RunningContainer {
  address = '';

  constructor(
    readonly id: string,
    private readonly runner: Runner,
  ) {}

  async logs(lines: number): Promise<string[]> {
    const both: string[] = [];
    await this.runner.run(['docker', 'logs', '--tail', String(lines), this.id], {
      onLine: (line) => both.push(line),
    });
    return both.slice(-lines);
  }

  async exitCode(): Promise<number | undefined> {
    const { stdout } = await this.runner.run([
      'docker',
      'inspect',
      '--format',
      '{{.State.Running}} {{.State.ExitCode}}',
      this.id,
    ]);
    const [running, code] = stdout.trim().split(' ');
    return running === 'true' ? undefined : Number(code);
  }

  async execute(command: readonly string[]): Promise<number> {
    const { exitCode } = await this.runner.run(['docker', 'exec', this.id, ...command], {
      expect: Array.from({ length: 256 }, (_, code) => code),
    });
    return exitCode;
  }

  async stop(): Promise<void> {
    // What is gone already is no error.
    await this.runner.run(['docker', 'stop', '--time', GRACE_SECONDS, this.id], { expect: [0, 1] });
    await this.runner.run(['docker', 'rm', '--force', '--volumes', this.id], { expect: [0, 1] });
  }
}
