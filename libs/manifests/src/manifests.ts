import { UserError, type Environment, type OrchestratorName, type Service } from '@berth/model';
import { ecsManifests } from './ecs/manifests';
import type { GeneratedFile, ManifestObject } from './object';
import { renderFiles } from './render-files';
import { renderObjects, type RenderOptions } from './render-objects';
import { renderSwarmFiles, renderSwarmObjects } from './swarm';

/** What an orchestrator is asked for, made of the models. Pure: the same models give the same objects and files. */
export interface Manifests {
  /**
   * Every object of an environment.
   * @throws UserError with all that the services ask for and the orchestrator has not, and why
   */
  renderObjects(
    environment: Environment,
    services: readonly Service[],
    options: RenderOptions,
  ): ManifestObject[];
  /**
   * What the generator writes beside env.json, sorted by path.
   * @throws UserError as renderObjects does
   */
  renderFiles(
    environment: Environment,
    services: readonly Service[],
    options: RenderOptions,
  ): GeneratedFile[];
  /** Whether `renderFiles` may have written a file of the environment's folder: then it goes when it is not wanted any more. */
  owns(path: string): boolean;
}

/** By the name in env.json. */
const manifests: Readonly<Partial<Record<OrchestratorName, Manifests>>> = {
  kubernetes: {
    renderObjects,
    renderFiles,
    owns: (path) => /^(kustomization\.yaml$|namespace\.yaml$|(services|proxy|kubernetes)\/)/.test(path),
  },
  swarm: {
    renderObjects: renderSwarmObjects,
    renderFiles: renderSwarmFiles,
    owns: (path) => path === 'stack.yaml',
  },
  ecs: ecsManifests,
};

/** What the environment's orchestrator is asked for. @throws UserError for one that Berth does not know yet */
export function manifestsOf({ orchestrator, root }: Environment): Manifests {
  const found = manifests[orchestrator];
  if (found) return found;
  throw new UserError(
    `${root}/env.json at orchestrator: Berth cannot deploy to ${orchestrator} yet`,
    `Choose ${Object.keys(manifests).join(' or ')}.`,
  );
}

/** Whether a file below an environment's folder was generated, for whichever orchestrator. */
export function isGenerated(path: string): boolean {
  return Object.values(manifests).some(({ owns }) => owns(path));
}
