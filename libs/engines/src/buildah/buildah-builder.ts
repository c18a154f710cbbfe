import { mkdtemp, readFile, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProgramError, type Runner } from '@berth/exec';
import { UserError } from '@berth/model';
import { parseReference, plainHttpFor, withDigest, type MayBePlain } from '@berth/registry';
import type { Engine, Pushed, PushOptions } from '../engine';
import { lastLine } from '../last-line';
import type { BuildRequest, BuildSettings } from '../request';
import { sentBytes } from '../sent-bytes';
import { buildArguments, isIndex, type BuildahProgram } from './arguments';
import { baseOf, type Base } from './base';
import { BuildahRunner } from './buildah-runner';
import { filesOfLayers } from './layers';
import { LOG, LoggedRunner, uploadsIn } from './logged-runner';
import { PlainHttpRunner } from './plain-http-runner';
import { endStepPrograms } from './step-programs';
import { WorkingContainers } from './working-containers';

/** Exit codes of a question whose answer may be no. */
export const YES_OR_NO = [0, 1, 125];

/** What podman and buildah do alike: there is no daemon, and both keep images in the same store of their user. */
export abstract class BuildahBuilder implements Engine {
  protected readonly runner: Runner;
  readonly #workingContainers: WorkingContainers;
  readonly #mayBePlain: MayBePlain;

  /**
   * @param environment where the person's registries.conf is looked for
   * @param insecureRegistries host and port of those that may be spoken to by plain http, beside those on this machine
   */
  constructor(
    readonly name: BuildahProgram,
    runner: Runner,
    environment: Readonly<Record<string, string | undefined>>,
    insecureRegistries: readonly string[],
  ) {
    const plainHttp = new PlainHttpRunner(runner, environment, insecureRegistries);
    this.runner = new BuildahRunner(name, new LoggedRunner(plainHttp));
    this.#mayBePlain = plainHttpFor(insecureRegistries);
    this.#workingContainers = new WorkingContainers(name, this.runner);
  }

  abstract user(image: string): Promise<string>;
  /** The id of an image, or of this machine's one of an index. */
  protected abstract idOf(image: string): Promise<string>;
  /** The first of the names that the store has for an image; undefined when it has no such image. */
  protected abstract firstNameOf(image: string): Promise<string | undefined>;
  /** Asks the registry, whatever the store has. */
  protected abstract readonly pullAlways: readonly string[];

  async check(settings: BuildSettings = { platforms: [] }): Promise<void> {
    try {
      await this.runner.run([this.name, 'info'], { timeoutMs: 20_000 });
    } catch (error) {
      const failed = error instanceof UserError && error.cause instanceof ProgramError ? error.cause : error;
      if (!(failed instanceof ProgramError) || failed.failure.kind === 'not-found') throw error;
      throw new UserError(
        `${this.name} cannot open its store of images: ${lastLine(failed.stderr) ?? failed.message}`,
        (error as UserError).hint ?? `See what it says: ${this.name} info`,
        { cause: error },
      );
    }
    this.#refuseTogether(settings);
  }

  async build(request: BuildRequest): Promise<void> {
    const { reference, dockerfile, onLine, signal } = request;
    this.#refuseTogether(request);
    const text = await readFile(dockerfile, 'utf8');
    const base = baseOf(text, request.args);
    const argv = buildArguments(this.name, request, text, base);
    // Platforms are added to an index that is there already.
    if (isIndex(request))
      await this.runner.run([this.name, 'manifest', 'rm', reference], { expect: YES_OR_NO });
    if (base) await this.#nameFirst(base, request);
    // buildah's own place for what is too big for memory.
    const folder = await mkdtemp('/var/tmp/berth-build-');
    const build = async () => {
      try {
        await this.runner.run(argv, {
          ...(onLine && { onLine }),
          ...(signal && { signal }),
          env: { TMPDIR: folder },
          // On SIGTERM podman 4.3 ends at once, and tidies up nothing.
          endBy: 'SIGHUP',
        });
      } finally {
        if (signal?.aborted) await endStepPrograms(folder, this.runner);
        // What is left of an interrupted build may be mounts of this machine's folders: never delete into them.
        await rmdir(folder).catch(() => undefined);
      }
    };
    await this.#workingContainers.during(build);
  }

  async push(reference: string, { registry, onLine, signal }: PushOptions): Promise<Pushed> {
    const folder = await mkdtemp(join(tmpdir(), 'berth-push-'));
    const file = join(folder, 'digest');
    try {
      const push = (...argv: string[]) =>
        this.runner.run([this.name, LOG, ...argv], { ...(onLine && { onLine }), ...(signal && { signal }) });
      const pushIndex = (...argv: string[]) =>
        push(
          'manifest',
          'push',
          '--all',
          // It reads no registries.conf of another place; but it asks this one registry only.
          ...(this.#mayBePlain(parseReference(reference).registry) ? ['--tls-verify=false'] : []),
          ...argv,
          reference,
          `docker://${reference}`,
        );
      const index = await this.#isIndex(reference);
      const { stderr } = await (index
        ? pushIndex('--digestfile', file)
        : push('push', '--digestfile', file, reference));
      const digest = (await readFile(file, 'utf8')).trim();
      if (/^sha256:[0-9a-f]{64}$/.test(digest)) {
        const uploads = uploadsIn(stderr);
        const bytes =
          uploads &&
          (await sentBytes(withDigest(reference, digest), registry, (blob) => uploads.has(blob.digest)));
        return { digest, ...(bytes !== undefined && { bytes }) };
      }
      // With a digest file, buildah 1.28 exits with 0 when the push of an index has failed, and says nothing.
      if (index) await pushIndex();
      throw new Error(`${this.name} push ${reference} wrote no digest: ${digest}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async files(image: string): Promise<string[]> {
    const folder = await mkdtemp(join(tmpdir(), 'berth-files-'));
    try {
      await this.runner.run([this.name, 'push', '--quiet', await this.idOf(image), `dir:${folder}`]);
      return await filesOfLayers(folder, this.runner);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  #refuseTogether({ platforms, cache }: BuildSettings): void {
    if (platforms.length === 0 || cache === undefined) return;
    throw new UserError(
      `A build cache in a registry (${cache}) and platforms (${platforms.join(', ')}) cannot go together with ${this.name}: its cache takes the layer of one platform for that of another.`,
      'Take buildCache or platforms out of the options of @berth/nx in nx.json, or choose "engine": "docker" with its buildx plugin.',
    );
  }

  /**
   * The history and the annotations of an image tell its base by the first name that the store has for that, and not
   * by the one in the Dockerfile: a tag, when the base was built here a second time, or pulled by hand, or when another
   * build has pulled all of it but its name. A pull puts the name that it was given first.
   */
  async #nameFirst(base: Base, { platforms, onLine, signal }: BuildRequest): Promise<void> {
    const first = await this.firstNameOf(base.reference);
    if (first === base.name) return;
    const platform = platforms.length === 1 ? ['--platform', ...platforms] : [];
    try {
      await this.runner.run([this.name, ...this.pullAlways, ...platform, base.reference], {
        ...(onLine && { onLine }),
        ...(signal && { signal }),
      });
    } catch (error) {
      // Without a network it builds on what it has, under whatever name.
      if (first === undefined || signal?.aborted) throw error;
    }
  }

  async #isIndex(reference: string): Promise<boolean> {
    const { exitCode } = await this.runner.run([this.name, 'manifest', 'exists', reference], {
      expect: YES_OR_NO,
    });
    return exitCode === 0;
  }
}
