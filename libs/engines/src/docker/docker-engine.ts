import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProgramError, type Runner } from '@berth/exec';
import { UserError } from '@berth/model';
import { withDigest, type ImageReader } from '@berth/registry';
import type { ContainerRunner, Engine, Pushed, PushOptions, RunningContainer, StartOptions } from '../engine';
import { lastLine } from '../last-line';
import type { BuildRequest, BuildSettings } from '../request';
import { runArguments } from '../run-arguments';
import { runToEnd } from '../run-to-end';
import { sentBytes } from '../sent-bytes';
import { buildArguments, WITHOUT_GIT } from './arguments';
import { buildsInDockerd } from './builds-in-dockerd';
import { BuildxBuilder } from './buildx-builder';
import { DockerContainer } from './docker-container';
import { DockerRunner, START_DOCKER } from './docker-runner';

/**
 * What builds: the older builder in dockerd, the BuildKit in dockerd, or one of its own that buildx has been given. In
 * dockerd, several platforms and caches in registries need its containerd image store.
 */
type Builder = 'dockerd' | 'buildkit' | 'own';

/** Docker by its own client: BuildKit where the client has buildx, the older builder in dockerd where it has not. */
export class DockerEngine implements Engine, ContainerRunner {
  readonly name = 'docker';
  #found: Promise<Builder> | undefined;
  #indexes: Promise<boolean> | undefined;
  /** By reference: a test and a push of the same build ask for the same. */
  readonly #inspected = new Map<string, Promise<Inspected>>();

  private readonly runner: Runner;
  readonly #own: BuildxBuilder;

  /**
   * @param temporary folder whose content goes when the run ends
   * @param environment in which `runner` starts the client; without it buildx is asked what the files may say
   */
  constructor(
    runner: Runner,
    temporary = tmpdir(),
    private readonly environment?: Readonly<Record<string, string | undefined>>,
  ) {
    this.runner = new DockerRunner(runner);
    this.#own = new BuildxBuilder(this.runner, temporary);
  }

  async check(settings: BuildSettings = { platforms: [] }): Promise<void> {
    // The first build wants to know it: asked at the same time. What goes wrong with it is said there.
    this.#builder().catch(() => undefined);
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
    await this.#refuse(settings);
  }

  async build(request: BuildRequest): Promise<void> {
    this.#inspected.delete(request.reference);
    await this.#refuse(request);
    const builder = await this.#builder();
    if (builder === 'own') return this.#own.build(request);
    const buildKit = builder === 'buildkit';
    await this.runner.run(buildArguments(request, { buildKit }), {
      env: buildKit ? { DOCKER_BUILDKIT: '1', ...WITHOUT_GIT } : { DOCKER_BUILDKIT: '0' },
      ...(request.onLine && { onLine: request.onLine }),
      ...(request.signal && { signal: request.signal }),
    });
  }

  async push(reference: string, options: PushOptions): Promise<Pushed> {
    if (this.#own.has(reference)) return this.#own.push(reference, options);
    const { registry, onLine, signal } = options;
    const before = await this.#beforePush(reference, registry);
    const { stdout } = await this.runner.run(['docker', 'push', reference], {
      ...(onLine && { onLine }),
      ...(signal && { signal }),
    });
    // The last line, for example `4f1c…: digest: sha256:… size: 528`.
    const digest = /^\S+: digest: (sha256:[0-9a-f]{64}) size: \d+\s*$/m.exec(stdout)?.[1];
    if (digest === undefined) throw new Error(`docker push ${reference} did not print a digest:\n${stdout}`);
    const bytes = await sentBytes(withDigest(reference, digest), registry, wasSent(stdout, before));
    return { digest, ...(bytes !== undefined && { bytes }) };
  }

  async start(image: string, options: StartOptions): Promise<RunningContainer> {
    const argv = runArguments(image, options, { program: 'docker', detached: true });
    const { stdout } = await this.runner.run(argv);
    return DockerContainer.of(stdout.trim(), this.runner);
  }

  runToEnd(image: string, options: Parameters<ContainerRunner['runToEnd']>[1]): Promise<number> {
    // Signals reach the program, and its orphans are reaped.
    return runToEnd(this.runner, image, options, { program: 'docker', own: ['--init'] });
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
    return (await this.#inspect(image)).user;
  }

  #inspect(reference: string): Promise<Inspected> {
    const known = this.#inspected.get(reference);
    if (known) return known;
    const format = '{{.Config.User}}{{println}}{{.Id}}{{range .RootFS.Layers}} {{.}}{{end}}';
    const inspected = this.runner
      .run(['docker', 'image', 'inspect', '--format', format, reference])
      .then(({ stdout }) => {
        const [user = '', digests = ''] = stdout.split('\n');
        const [id = '', ...contents] = digests.trim().split(' ');
        return { user: user.trim(), id, contents };
      });
    this.#inspected.set(reference, inspected);
    inspected.catch(() => this.#inspected.delete(reference));
    return inspected;
  }

  /** What the output of a push does not say of the image. */
  async #beforePush(reference: string, registry: ImageReader): Promise<BeforePush> {
    const { id, contents } = await this.#inspect(reference);
    if (await registry.hasBlob(reference, id).catch(() => false)) return { contents, known: [id] };
    const there = await registry.contentOf(withDigest(reference, id)).catch(() => []);
    return { contents, known: there.map(({ config }) => config.digest) };
  }

  /** Said before anything is built: what is in dockerd takes one platform, and keeps its cache to itself. */
  async #refuse({ platforms, cache }: BuildSettings): Promise<void> {
    if (platforms.length < 2 && cache === undefined) return;
    const builder = await this.#builder();
    if (builder === 'own' || (builder === 'buildkit' && (await this.#hasIndexes()))) return;
    const isCache = platforms.length < 2;
    const what = isCache
      ? `A build cache in a registry (${cache})`
      : `An image for several platforms (${platforms.join(', ')})`;
    const without = `choose "engine": "podman" or "buildah", or take ${
      isCache ? 'buildCache' : 'all but one of platforms'
    } out of the options of @berth/nx in nx.json.`;
    if (builder === 'dockerd') {
      throw new UserError(
        `${what} needs BuildKit, and this docker client has no buildx.`,
        `Install docker's buildx plugin, ${without}`,
      );
    }
    throw new UserError(
      `${what} needs a BuildKit of its own: that in this dockerd cannot make it.`,
      `Make one and choose it: docker buildx create --use\nOr ${without}`,
    );
  }

  #builder(): Promise<Builder> {
    if (this.#found) return this.#found;
    const found = this.#findBuilder();
    this.#found = found;
    // A daemon that was away may be back at the next question.
    found.catch(() => (this.#found = undefined));
    return found;
  }

  async #findBuilder(): Promise<Builder> {
    if (this.environment && (await buildsInDockerd(this.environment))) return 'buildkit';
    const inspected = await this.#inspectBuilder();
    // The client refuses DOCKER_BUILDKIT=1 then. Debian's docker.io has it not.
    if (inspected === undefined) return 'dockerd';
    const driver = /^Driver:\s*(\S+)/m.exec(inspected)?.[1];
    return driver === 'docker' ? 'buildkit' : 'own';
  }

  /** Whether dockerd has the containerd image store. */
  #hasIndexes(): Promise<boolean> {
    if (this.#indexes) return this.#indexes;
    const indexes = this.runner
      .run(['docker', 'info', '--format', '{{json .DriverStatus}}'])
      .then(({ stdout }) => stdout.includes('io.containerd.snapshotter.v1'));
    this.#indexes = indexes;
    indexes.catch(() => (this.#indexes = undefined));
    return indexes;
  }

  /** What buildx says of the chosen builder; undefined when the client has no buildx. */
  async #inspectBuilder(): Promise<string | undefined> {
    try {
      return (await this.runner.run(['docker', 'buildx', 'inspect'])).stdout;
    } catch (error) {
      const { exitCode } = await this.runner.run(['docker', 'buildx', 'version'], { expect: [0, 1, 125] });
      if (exitCode === 0) throw error;
      return undefined;
    }
  }
}

/** What dockerd says of an image. */
interface Inspected {
  user: string;
  /** Digest of its configuration; in the containerd image store that of its manifest. */
  id: string;
  /** Digests of the layers before they are compressed. */
  contents: readonly string[];
}

interface BeforePush {
  /** Digests of the layers before they are compressed. */
  contents: readonly string[];
  /** Configurations that the registry has already. */
  known: readonly string[];
}

/**
 * Reads from the output of `docker push` which layers were sent: lines such as `5f70bf18a086: Pushed`, in place of
 * `Layer already exists` or `Mounted from …`. The digits are of the layer before it is compressed, or, with docker's
 * containerd image store, after it. No line is about the configuration.
 */
function wasSent(output: string, { contents, known }: BeforePush): Parameters<typeof sentBytes>[2] {
  const pushed = new Set(
    Array.from(output.matchAll(/^([0-9a-f]{12}): Pushed\s*$/gm), ([, digits]) => digits),
  );
  const isPushed = (digest = '') => pushed.has(digest.slice('sha256:'.length, 'sha256:'.length + 12));
  return ({ digest }, layer) =>
    layer === undefined ? !known.includes(digest) : isPushed(contents[layer]) || isPushed(digest);
}
