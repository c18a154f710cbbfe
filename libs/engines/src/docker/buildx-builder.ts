import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runner } from '@berth/exec';
import type { ImageReader } from '@berth/registry';
import type { Pushed, PushOptions } from '../engine';
import type { BuildRequest } from '../request';
import { buildxArguments, WITHOUT_GIT } from './arguments';
import { blobsOfLayout } from './layout';

/**
 * Builds with a BuildKit of its own (`docker buildx create`), which keeps images for several platforms, a cache in a
 * registry, and one date for all files. It has no images by name: they go into folders (OCI image layout), from where
 * others stand on them and they are pushed, and to dockerd, which starts those of its own platform.
 */
export class BuildxBuilder {
  /** By reference. */
  readonly #layouts = new Map<string, string>();
  #own: Promise<string> | undefined;

  /** @param temporary folder whose content goes when the run ends */
  constructor(
    private readonly runner: Runner,
    private readonly temporary: string,
  ) {}

  async build(request: BuildRequest): Promise<void> {
    const { reference, platforms } = request;
    await this.#forget(reference);
    const layout = await mkdtemp(join(this.temporary, 'berth-layout-'));
    try {
      const own = await this.#ownPlatform();
      const isOne = platforms.length < 2;
      const loads = isOne && (platforms.length === 0 || platforms[0] === own);
      await this.#run(request, { layout, loads });
      // dockerd 20.10 takes no index. All of it is in BuildKit's cache now.
      if (!isOne && platforms.includes(own))
        await this.#run({ ...request, platforms: [own] }, { loads: true });
    } catch (error) {
      await rm(layout, { recursive: true, force: true });
      throw error;
    }
    this.#layouts.set(reference, layout);
  }

  has(reference: string): boolean {
    return this.#layouts.has(reference);
  }

  async push(reference: string, { registry, onLine, signal }: PushOptions): Promise<Pushed> {
    const layout = this.#layouts.get(reference);
    if (layout === undefined) throw new Error(`${reference} was not built by this builder`);
    const { digest, blobs } = await blobsOfLayout(layout);
    const bytes = await missingBytes(reference, blobs, registry);
    const argv = ['docker', 'buildx', 'imagetools', 'create', '--prefer-index=false', '--progress', 'plain'];
    await this.runner.run([...argv, '--tag', reference, `oci-layout://${layout}@${digest}`], {
      ...(onLine && { onLine }),
      ...(signal && { signal }),
    });
    await this.#forget(reference);
    return { digest, ...(bytes !== undefined && { bytes }) };
  }

  async #run(request: BuildRequest, { layout, loads }: { layout?: string; loads: boolean }): Promise<void> {
    const { onLine, signal } = request;
    await this.runner.run(buildxArguments(request, { layout, loads, layouts: this.#layouts }), {
      // What an attestation says of the build is another each time, and nothing of the repository goes into an image.
      env: { BUILDX_NO_DEFAULT_ATTESTATIONS: '1', ...WITHOUT_GIT },
      ...(onLine && { onLine }),
      ...(signal && { signal }),
    });
  }

  /** The platform that dockerd starts containers of. */
  #ownPlatform(): Promise<string> {
    this.#own ??= this.runner
      .run(['docker', 'version', '--format', '{{.Server.Os}}/{{.Server.Arch}}'])
      .then(({ stdout }) => stdout.trim());
    return this.#own;
  }

  async #forget(reference: string): Promise<void> {
    const layout = this.#layouts.get(reference);
    this.#layouts.delete(reference);
    if (layout !== undefined) await rm(layout, { recursive: true, force: true });
  }
}

/** What a push will send; undefined when the registry does not say what it has. */
async function missingBytes(
  reference: string,
  blobs: ReadonlyMap<string, number>,
  registry: ImageReader,
): Promise<number | undefined> {
  try {
    const sizes = await Promise.all(
      [...blobs].map(async ([digest, size]) => ((await registry.hasBlob(reference, digest)) ? 0 : size)),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch {
    return undefined;
  }
}
