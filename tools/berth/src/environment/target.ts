import type { Images } from '@berth/deploy';
import type { Runner } from '@berth/exec';
import type { ManifestObject } from '@berth/manifests';
import { UserError, type Cluster, type Environment, type OrchestratorName } from '@berth/model';
import type { EnvironmentModels } from './environment-of';
import type { Connected, ConnectOptions, HandedOver, OrchestratorAccess } from './orchestrators/access';
import { connectToAccount, ecs } from './orchestrators/ecs';
import { connectTo, kubernetes } from './orchestrators/kubernetes';
import { connectToSwarm, swarm } from './orchestrators/swarm';

const orchestrators: Readonly<Partial<Record<OrchestratorName, OrchestratorAccess>>> = {
  kubernetes,
  swarm,
  ecs,
};

/**
 * Connects to the orchestrator that runs the environment, as its cluster.json says.
 * @throws UserError for one that Berth does not know yet, or that the cluster does not have
 */
export function connect(
  models: Pick<EnvironmentModels, 'environment' | 'cluster' | 'options'>,
  workspaceRoot: string,
  options: ConnectOptions = {},
): Connected {
  return accessTo(models.environment).connect(models, workspaceRoot, options);
}

/**
 * Connects to one of what runs the environments of a cluster, whichever they are.
 * @throws UserError when nothing says how it is reached
 */
export function connectToCluster(
  cluster: Cluster,
  orchestrator: OrchestratorName,
  workspaceRoot: string,
): Connected {
  switch (orchestrator) {
    case 'kubernetes':
      return connectTo(cluster, workspaceRoot);
    case 'swarm':
      // A registry is asked only for what is deployed.
      return connectToSwarm(cluster, { insecureRegistries: [] });
    case 'ecs':
      return connectToAccount(cluster);
  }
}

/** Gives every object of the environment for a choice of images; pure once it is there. */
export function desiredObjects(
  models: EnvironmentModels,
  runner: Runner,
): Promise<(images: Images) => ManifestObject[]> {
  return accessTo(models.environment).desired(models, runner);
}

/** Every object of the environment as files that its users' own tools take. */
export function handOver(models: EnvironmentModels, objects: readonly ManifestObject[]): Promise<HandedOver> {
  return accessTo(models.environment).handOver(models, objects);
}

function accessTo({ orchestrator, root }: Environment): OrchestratorAccess {
  const access = orchestrators[orchestrator];
  if (access) return access;
  throw new UserError(
    `${root}/env.json at orchestrator: Berth cannot deploy to ${orchestrator} yet`,
    `Choose ${Object.keys(orchestrators).join(' or ')}.`,
  );
}
