import type { ExecutorContext } from '@nx/devkit';
import { UserError, type Cluster, type Environment, type OrchestratorName, type Service } from '@berth/model';
import type { BerthOptions } from '../options';
import type { WorkspaceFiles } from '../workspace/files';
import { environmentNames, exposingCluster, readEnvironment, readServices } from '../workspace/models';

/** The environment of a cluster's gateway, unless it has another, and what its service and its ports are called there. */
export const gateway = { environment: 'admin', service: 'gateway', port: 'http', statusPort: 8083 };

/** The gateway that the workspace has for a cluster. */
export interface GatewayModel {
  environment: Environment;
  service: Service;
  /** Absent when there is no cluster.json. */
  cluster: Cluster | undefined;
}

/** What leads to an environment's services leads to those of all others of the same place. */
export interface GatewayPlace {
  /** Name of the cluster. */
  cluster: string;
  orchestrator: OrchestratorName;
}

interface Models {
  files: WorkspaceFiles;
  options: Pick<BerthOptions, 'domain'>;
  projects: ExecutorContext['projectsConfigurations']['projects'];
}

const known = new WeakMap<WorkspaceFiles, Map<string, GatewayModel | undefined>>();

/**
 * The gateway of a cluster's orchestrator: in the environment `admin`, or, where that is elsewhere, in the first
 * environment that selects it. One that is wrong counts as none: its own deploy says what is. Read once for the same
 * files.
 */
export function gatewayOf(models: Models, place: GatewayPlace): GatewayModel | undefined {
  const found = known.get(models.files) ?? new Map<string, GatewayModel | undefined>();
  known.set(models.files, found);
  const key = `${place.orchestrator} ${place.cluster}`;
  if (!found.has(key)) found.set(key, findGateway(models, place));
  return found.get(key);
}

function findGateway(
  { files, options, projects }: Models,
  { cluster, orchestrator }: GatewayPlace,
): GatewayModel | undefined {
  const names = environmentNames(files);
  const first = names.filter((name) => name === gateway.environment);
  for (const name of [...first, ...names.filter((name) => name !== gateway.environment)]) {
    try {
      const environment = readEnvironment(files, name, options, { local: true });
      if (environment.cluster !== cluster || environment.orchestrator !== orchestrator) continue;
      const service = readServices(files, environment, projects).find(
        (each) => each.name === gateway.service,
      );
      if (service)
        return { environment, service, cluster: exposingCluster(files, environment, { local: true }) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return undefined;
}
