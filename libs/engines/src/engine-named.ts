import type { Runner } from '@berth/exec';
import { BuildahEngine } from './buildah/buildah-engine';
import { DockerEngine } from './docker/docker-engine';
import type { Engine } from './engine';
import { engineName } from './engine-names';
import { PodmanEngine } from './podman/podman-engine';

/**
 * The engine of this name.
 * @param environment where podman and buildah find their person's settings
 * @param insecureRegistries host and port of those that may be spoken to by plain http, beside those on this machine;
 *   dockerd goes by its own list
 * @throws UnsupportedEngineError for one that cannot be used
 */
export function engineNamed(
  name: string,
  runner: Runner,
  environment: Readonly<Record<string, string | undefined>>,
  insecureRegistries: readonly string[] = [],
): Engine {
  switch (engineName(name)) {
    case 'docker':
      return new DockerEngine(runner, undefined, environment);
    case 'podman':
      return new PodmanEngine(runner, environment, insecureRegistries);
    case 'buildah':
      return new BuildahEngine(runner, environment, insecureRegistries);
  }
}
