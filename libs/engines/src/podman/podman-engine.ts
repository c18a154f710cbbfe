import { readFile } from 'node:fs/promises';
import type { Runner } from '@berth/exec';
import { BuildahBuilder } from '../buildah/buildah-builder';
import type { ContainerRunner, RunningContainer, StartOptions } from '../engine';
import { runArguments } from '../run-arguments';
import { runToEnd } from '../run-to-end';
import { limitArguments } from './limits';
import { PodmanContainer } from './podman-container';

/** podman builds as buildah does, and starts containers too. */
export class PodmanEngine extends BuildahBuilder implements ContainerRunner {
  protected readonly pullAlways = ['pull'];

  constructor(
    runner: Runner,
    environment: Readonly<Record<string, string | undefined>>,
    insecureRegistries: readonly string[] = [],
  ) {
    super('podman', runner, environment, insecureRegistries);
  }

  async start(image: string, options: StartOptions): Promise<RunningContainer> {
    const argv = runArguments(image, options, {
      program: 'podman',
      detached: true,
      own: await this.#own('none', options),
    });
    const { stdout } = await this.runner.run(argv);
    return new PodmanContainer(stdout.trim(), this.runner);
  }

  async runToEnd(image: string, options: Parameters<ContainerRunner['runToEnd']>[1]): Promise<number> {
    // A test is by itself; what compiles may download.
    const own = await this.#own(options.restricted ? 'none' : 'host', options);
    return runToEnd(this.runner, image, options, { program: 'podman', own });
  }

  user(image: string): Promise<string> {
    return this.#inspect('{{.Config.User}}', image);
  }

  protected idOf(image: string): Promise<string> {
    return this.#inspect('{{.Id}}', image);
  }

  /** Of an inspected image podman tells the names without their order. */
  protected async firstNameOf(image: string): Promise<string | undefined> {
    const { stdout } = await this.runner.run([
      ...['podman', 'image', 'ls', '--filter', `reference=${image}`],
      ...['--format', '{{range .Names}}{{.}} {{end}}'],
    ]);
    return stdout.trim().split(/\s/)[0] || undefined;
  }

  /** What podman does otherwise than docker, unless it is told. */
  async #own(network: 'none' | 'host', { readOnly }: StartOptions): Promise<string[]> {
    const [limits = '', pidMax = ''] = await Promise.all(
      ['/proc/self/limits', '/proc/sys/kernel/pid_max'].map((file) => readFile(file, 'utf8').catch(() => '')),
    );
    return [
      ...['--network', network],
      // journald, which podman would choose, is not there without systemd.
      ...['--log-driver', 'k8s-file'],
      ...limitArguments(limits, pidMax),
      // Else /tmp, /run and /var/tmp are writable after all.
      ...(readOnly ? ['--read-only-tmpfs=false'] : []),
    ];
  }

  async #inspect(format: string, image: string): Promise<string> {
    const { stdout } = await this.runner.run(['podman', 'image', 'inspect', '--format', format, image]);
    return stdout.trim();
  }
}
