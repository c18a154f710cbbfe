import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProgramError, type Runner } from '@berth/exec';
import { UserError } from '@berth/model';
import type { ContainerRunner, Engine, PushOptions, RunningContainer, StartOptions } from '../engine';
import type { BuildRequest } from '../request';
import { buildArguments, runArguments } from './arguments';
import { DockerContainer } from './docker-container';
import { DockerRunner, START_DOCKER } from './docker-runner';

/** Docker by its own client: BuildKit where the client has buildx, the builder inside dockerd where it has not. */
export class DockerEngine implements Engine, ContainerRunner {
  readonly name = 'docker';
  #hasBuildKit: Promise<boolean> | undefined;

  private readonly runner: Runner;

  constructor(runner: Runner) {
    this.runner = new DockerRunner(runner);
  }

  async check(): Promise<void> {
    try {
      await this.runner.run(['docker', 'version', '--format', '{{.Server.Version}}'], { timeoutMs: 20_000 });
    } catch (error) {
      const failed = error instanceof UserError && error.cause instanceof ProgramError ? error.cause : error;
      if (!(failed instanceof ProgramError) || failed.failure.kind === 'not-found') throw error;
      throw new UserError(
        `Docker's daemon does not answer: ${lastLine(failed.stderr) ?? failed.message}`,
        (error as UserError).hint ?? START_DOCKER,
        { cause: error },
      );
    }
  }

  async build(request: BuildRequest): Promise<void> {
    const buildKit = await this.#buildKit();
    if (!buildKit && request.platforms.length > 1) {
      throw new UserError(
        `An image for several platforms (${request.platforms.join(', ')}) needs BuildKit, and this docker client has no buildx.`,
        "Install docker's buildx plugin, or name one platform in the options of @berth/nx in nx.json.",
      );
    }
    await this.runner.run(buildArguments(request, { buildKit }), {
      env: { DOCKER_BUILDKIT: buildKit ? '1' : '0' },
      ...(request.onLine && { onLine: request.onLine }),
      ...(request.signal && { signal: request.signal }),
    });
  }

  async push(reference: string, { onLine, signal }: PushOptions = {}): Promise<string> {
    const { stdout } = await this.runner.run(['docker', 'push', reference], {
      ...(onLine && { onLine }),
      ...(signal && { signal }),
    });
    // The last line, for example `4f1c…: digest: sha256:… size: 528`.
    const digest = /^\S+: digest: (sha256:[0-9a-f]{64}) size: \d+\s*$/m.exec(stdout)?.[1];
    if (digest) return digest;
    throw new Error(`docker push ${reference} did not print a digest:\n${stdout}`);
  }

  async start(image: string, options: StartOptions): Promise<RunningContainer> {
    const { stdout } = await this.runner.run(runArguments(image, options, { detached: true }));
    const id = stdout.trim();
    const container = new DockerContainer(id, this.runner);
    try {
      const { stdout: addresses } = await this.runner.run([
        'docker',
        'inspect',
        '--format',
        '{{range .NetworkSettings.Networks}}{{println .IPAddress}}{{end}}',
        id,
      ]);
      container.address =
        addresses
          .split('\n')
          .find((line) => line.trim() !== '')
          ?.trim() ?? '';
      return container;
    } catch (error) {
      await container.stop();
      throw error;
    }
  }

  async runToEnd(image: string, options: Parameters<ContainerRunner['runToEnd']>[1]): Promise<number> {
    const { onLine, signal, timeoutMs } = options;
    const folder = await mkdtemp(join(tmpdir(), 'berth-container-'));
    const idFile = join(folder, 'id');
    try {
      const { exitCode, stderr } = await this.runner.run(
        runArguments(image, options, { detached: false, idFile }),
        {
          expect: Array.from({ length: 256 }, (_, code) => code),
          ...(onLine && { onLine }),
          ...(signal && { signal }),
          ...(timeoutMs !== undefined && { timeoutMs }),
        },
      );
      // 125 is docker's own failure, not the container's.
      if (exitCode === 125) throw new UserError(`A container of ${image} could not be run: ${stderr.trim()}`);
      return exitCode;
    } catch (error) {
      // The client was ended; the container would go on without it.
      const id = await readFile(idFile, 'utf8').catch(() => undefined);
      if (id) await this.runner.run(['docker', 'rm', '--force', '--volumes', id], { expect: [0, 1] });
      throw error;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async files(image: string): Promise<string[]> {
    const folder = await mkdtemp(join(tmpdir(), 'berth-files-'));
    const archive = join(folder, 'root.tar');
    // The command is never run; an image FROM scratch may have none, and docker asks for one.
    const { stdout } = await this.runner.run(['docker', 'create', image, 'none']);
    const id = stdout.trim();
    try {
      await this.runner.run(['docker', 'export', '--output', archive, id]);
      const { stdout: names } = await this.runner.run([
        'tar',
        '--list',
        '--quoting-style=literal',
        '--file',
        archive,
      ]);
      return names.split('\n').filter(Boolean);
    } finally {
      await this.runner.run(['docker', 'rm', '--volumes', id], { expect: [0, 1] });
      await rm(folder, { recursive: true, force: true });
    }
  }

  async user(image: string): Promise<string> {
    const { stdout } = await this.runner.run([
      'docker',
      'image',
      'inspect',
      '--format',
      '{{.Config.User}}',
      image,
    ]);
    return stdout.trim();
  }

  /** Whether the client has buildx, without which it refuses DOCKER_BUILDKIT=1. Debian's docker.io has it not. */
  #buildKit(): Promise<boolean> {
    this.#hasBuildKit ??= this.runner
      .run(['docker', 'buildx', 'version'], { expect: [0, 1, 125] })
      .then(({ exitCode }) => exitCode === 0);
    return this.#hasBuildKit;
  }
}

function lastLine(text: string): string | undefined {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .at(-1);
}
