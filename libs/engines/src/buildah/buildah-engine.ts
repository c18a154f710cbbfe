import type { Runner } from '@berth/exec';
import { BuildahBuilder, YES_OR_NO } from './buildah-builder';

/**
 * buildah builds and pushes where nothing else may run, as inside an unprivileged container. It starts no containers:
 * `buildah run` knows neither a read-only root nor a container in the background, so what it ran would be no test.
 */
export class BuildahEngine extends BuildahBuilder {
  protected readonly pullAlways = ['pull', '--policy', 'always'];

  constructor(
    runner: Runner,
    environment: Readonly<Record<string, string | undefined>>,
    insecureRegistries: readonly string[] = [],
  ) {
    super('buildah', runner, environment, insecureRegistries);
  }

  user(image: string): Promise<string> {
    return this.#inspect('{{.OCIv1.Config.User}}', image);
  }

  protected idOf(image: string): Promise<string> {
    return this.#inspect('{{.FromImageID}}', image);
  }

  protected async firstNameOf(image: string): Promise<string | undefined> {
    return (await this.#inspect('{{.FromImage}}', image, YES_OR_NO)) || undefined;
  }

  async #inspect(format: string, image: string, expect = [0]): Promise<string> {
    const { stdout } = await this.runner.run(
      ['buildah', 'inspect', '--type', 'image', '--format', format, image],
      { expect },
    );
    return stdout.trim();
  }
}
