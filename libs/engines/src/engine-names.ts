import { nearestName, UserError } from '@berth/model';
import type { EngineName } from './engine';

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

/** @throws UnsupportedEngineError for one that cannot be used */
export function engineName(name: string): EngineName {
  const found = known.find((each) => each === name);
  if (found) return found;
  const ended = new Map(Object.entries(gone)).get(name);
  if (ended !== undefined) throw new UnsupportedEngineError(name, ended.reason, ended.hint);
  const nearest = nearestName(name, known);
  throw new UnsupportedEngineError(
    name,
    `there is no such engine; known are ${known.join(', ')}.`,
    nearest ? `Did you mean "${nearest}"?` : choose('docker'),
  );
}
