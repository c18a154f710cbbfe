import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { goProgram, ProcessRunner, type GoProgram } from '@berth/exec';
import { buildx } from './buildx';

/** Pinned in go.mod and go.sum. */
const version = 'v0.34.2';

const buildkitd: GoProgram = {
  name: 'buildkitd',
  version,
  module: join(__dirname, 'modules/buildkitd'),
  source: 'github.com/moby/buildkit/cmd/buildkitd',
  ldflags: [`-X github.com/moby/buildkit/version.Version=${version}`],
};

/** A docker client that has buildx, with settings of a test's own; dockerd is the machine's. */
export class BuildxClient {
  readonly environment: Readonly<Record<string, string>>;
  readonly runner: ProcessRunner;

  private constructor(readonly folder: string) {
    this.environment = { DOCKER_CONFIG: folder };
    this.runner = new ProcessRunner({ env: this.environment });
  }

  static async make(): Promise<BuildxClient> {
    const folder = await mkdtemp(join(tmpdir(), 'berth-buildx-'));
    const plugins = dirname(await buildx());
    await writeFile(join(folder, 'config.json'), JSON.stringify({ cliPluginsExtraDirs: [plugins] }));
    return new BuildxClient(folder);
  }

  /** Lets it build with a BuildKit of its own, on a store that is empty. */
  async withBuildKit(): Promise<{ end(): Promise<void> }> {
    const root = join(this.folder, 'buildkit');
    await mkdir(root);
    const address = `unix://${join(root, 'socket')}`;
    const controller = new AbortController();
    let failure: unknown;
    const ended = new ProcessRunner()
      .run(
        [
          await goProgram(buildkitd),
          ...['--root', join(root, 'store'), '--addr', address],
          // No network of its own would be left on this machine.
          ...['--containerd-worker=false', '--oci-worker-net', 'host'],
        ],
        { signal: controller.signal },
      )
      .catch((error: unknown) => (failure = error));
    await this.runner.run([
      'docker',
      'buildx',
      'create',
      '--driver',
      'remote',
      '--name',
      'own',
      '--use',
      address,
    ]);
    const limit = Date.now() + 20_000;
    for (;;) {
      const { stdout } = await this.runner.run(['docker', 'buildx', 'inspect'], { expect: [0, 1] });
      if (/^Status:\s+running/m.test(stdout)) break;
      if (failure !== undefined || Date.now() > limit)
        throw new Error(`the buildkitd of this test did not start: ${String(failure)}`);
      await delay(50);
    }
    return {
      end: async () => {
        controller.abort();
        await ended;
      },
    };
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
