import type { Runner } from '@berth/exec';
import { nearestName, UserError } from '@berth/model';
import { DockerEngine } from './docker/docker-engine';
import type { ContainerRunner, Engine, EngineName } from './engine';

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

const chooseDocker = 'Write "engine": "docker" in the options of @berth/nx in nx.json.';

/** Engines that people ask for by name and that can never come. */
const gone: Readonly<Record<string, string>> = {
  rkt: 'rkt never built images, and its project was ended in 2020 (github.com/rkt/rkt is archived).',
  rocket: 'rkt never built images, and its project was ended in 2020 (github.com/rkt/rkt is archived).',
  kaniko: 'Google ended kaniko in 2025 (github.com/GoogleContainerTools/kaniko is archived).',
};

/**
 * The engine that nx.json names.
 * @throws UnsupportedEngineError for one that cannot be used
 */
export function engineNamed(name: string, runner: Runner): Engine & ContainerRunner {
  switch (name) {
    case 'docker':
      return new DockerEngine(runner);
    case 'podman':
    case 'buildah':
      throw new UnsupportedEngineError(name, 'Berth knows it, but cannot drive it yet.', chooseDocker);
  }
  const reason = new Map(Object.entries(gone)).get(name);
  if (reason !== undefined) throw new UnsupportedEngineError(name, reason, chooseDocker);
  const nearest = nearestName(name, known);
  throw new UnsupportedEngineError(
    name,
    `there is no such engine; known are ${known.join(', ')}.`,
    nearest ? `Did you mean "${nearest}"?` : chooseDocker,
  );
}
