import type { Runner } from '@berth/exec';
import { nearestName, UserError } from '@berth/model';
import { BuildahEngine } from './buildah/buildah-engine';
import { DockerEngine } from './docker/docker-engine';
import type { Engine, EngineName } from './engine';
import { PodmanEngine } from './podman/podman-engine';

/** An engine that Berth cannot use, with the reason. */
export class UnsupportedEngineError extends UserError {
  override readonly name = 'UnsupportedEngineError';
  constructor(
    readonly engine: string,
    reason: string,
    hint: string,
  ) {
    super(`The image engine "${engine}" cannot be used: ${reason}`, hint);
  }
}

const known: readonly EngineName[] = ['docker', 'podman', 'buildah'];

const choose = (name: EngineName) =>
  `Write "engine": "${name}" in the options of @berth/nx in nx.json, or for one run: --engine ${name}`;

const rkt = {
  reason:
    'rkt never built images, and its project was ended in 2020 (github.com/rkt/rkt is archived). podman took its place: it starts containers without a daemon too, and builds and pushes images.',
  hint: choose('podman'),
};

/** Engines that people ask for by name and that can never come. */
const gone: Readonly<Record<string, { reason: string; hint: string }>> = {
  rkt,
  rocket: rkt,
  kaniko: {
    reason:
      'Google ended kaniko in 2025 (github.com/GoogleContainerTools/kaniko is archived). buildah builds inside an unprivileged container too.',
    hint: choose('buildah'),
  },
};

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
  switch (name) {
    case 'docker':
      return new DockerEngine(runner);
    case 'podman':
      return new PodmanEngine(runner, environment, insecureRegistries);
    case 'buildah':
      return new BuildahEngine(runner, environment, insecureRegistries);
  }
  const ended = new Map(Object.entries(gone)).get(name);
  if (ended !== undefined) throw new UnsupportedEngineError(name, ended.reason, ended.hint);
  const nearest = nearestName(name, known);
  throw new UnsupportedEngineError(
    name,
    `there is no such engine; known are ${known.join(', ')}.`,
    nearest ? `Did you mean "${nearest}"?` : choose('docker'),
  );
}
