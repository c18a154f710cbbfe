import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Completed, RunOptions, Runner } from '@berth/exec';

/** A registry of this machine in a reference, alone or as the value of a build argument. */
const ON_THIS_MACHINE = /(?:^|=|\/\/)((?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?)\//;

/**
 * Lets podman and buildah speak plain http to the registries of this machine that their arguments name, as docker
 * does, to those that a person allows, and to no others: `--tls-verify=false` would be for every registry that a
 * Dockerfile names.
 */
export class PlainHttpRunner implements Runner {
  /**
   * @param environment where the person's registries.conf is looked for
   * @param allowed host and port of registries elsewhere
   */
  constructor(
    private readonly runner: Runner,
    private readonly environment: Readonly<Record<string, string | undefined>>,
    private readonly allowed: readonly string[] = [],
  ) {}

  async run(argv: readonly string[], options: RunOptions = {}): Promise<Completed> {
    const here = argv.flatMap((word) => ON_THIS_MACHINE.exec(word)?.[1] ?? []);
    const registries = [...new Set([...here, ...this.allowed])];
    if (registries.length === 0) return this.runner.run(argv, options);
    const folder = await mkdtemp(join(tmpdir(), 'berth-registries-'));
    const file = join(folder, 'registries.conf');
    try {
      await writeFile(file, withPlainHttp(await this.#written(), registries));
      return await this.runner.run(argv, {
        ...options,
        env: { ...options.env, CONTAINERS_REGISTRIES_CONF: file },
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** The registries.conf that would be read (containers-registries.conf(5)); the folders beside it still are. */
  async #written(): Promise<string> {
    const { CONTAINERS_REGISTRIES_CONF: named, HOME: home } = this.environment;
    const files = [
      ...(home ? [join(home, '.config/containers/registries.conf')] : []),
      '/etc/containers/registries.conf',
    ];
    for (const file of named ? [named] : files) {
      const text = await readFile(file, 'utf8').catch(() => undefined);
      if (text !== undefined) return text;
    }
    return '';
  }
}

/** A registry that the person has settings for keeps them. */
export function withPlainHttp(written: string, registries: readonly string[]): string {
  const added = registries
    .filter((registry) => !written.includes(`"${registry}"`))
    .map((registry) => `[[registry]]\nlocation = "${registry}"\ninsecure = true\n`);
  return [written, ...added].join('\n');
}
