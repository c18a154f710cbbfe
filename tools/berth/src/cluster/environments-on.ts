import type { ExecutorContext } from '@nx/devkit';
import { hostClaims, UserError, type Environment, type HostClaim } from '@berth/model';
import type { EnvironmentsOfWorkspace } from '../environment/environment-of';
import type { GatewayPlace } from '../environment/gateway';
import { environmentNames, readEnvironment, readServices } from '../workspace/models';

/** The environments of this workspace on one orchestrator of a cluster, and their hosts. One that is wrong has none: its deploy says what is. */
export function environmentsOn(
  { cluster, orchestrator }: GatewayPlace,
  { files, options }: EnvironmentsOfWorkspace,
  projects: ExecutorContext['projectsConfigurations']['projects'],
): { environments: Environment[]; claims: HostClaim[] } {
  const environments: Environment[] = [];
  const claims: HostClaim[] = [];
  for (const name of environmentNames(files)) {
    try {
      const environment = readEnvironment(files, name, options, { local: true });
      if (environment.cluster !== cluster || environment.orchestrator !== orchestrator) continue;
      const hosts = hostClaims(environment, readServices(files, environment, projects));
      if (hosts.length === 0) continue;
      environments.push(environment);
      claims.push(...hosts);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return { environments, claims };
}
