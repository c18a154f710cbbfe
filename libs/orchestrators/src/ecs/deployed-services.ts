import type { ManifestObject } from '@berth/manifests';
import { notDeployed, refuseUnknownService } from '../deployed';
import type { Aws } from './aws';
import { ECS_SERVICE } from './kinds';
import { observe, type StackObservation } from './observe';
import { serviceOf } from './service-of';
import type { LiveService } from './services';

export interface DeployedService {
  name: string;
  /** As the stack has it, with the number of tasks as it is now. */
  object: ManifestObject;
  live: LiveService;
}

/**
 * The ECS services of an environment, as deploys have made them.
 * @param names of these alone; all when absent
 * @throws UserError when the environment is not deployed, or one of them is no service of it
 */
export async function deployedServices(
  aws: Aws,
  environment: string,
  names?: readonly string[],
): Promise<{ services: DeployedService[]; observation: StackObservation }> {
  const observation = await observe(aws, environment);
  const services = servicesIn(observation);
  if (services.length === 0) throw notDeployed(environment);
  refuseUnknownService(environment, names, services.map(({ name }) => name).sort());
  return { services: services.filter(({ name }) => !names || names.includes(name)), observation };
}

/** Those that ECS has. Pure. */
export function servicesIn({
  live,
  services,
}: Pick<StackObservation, 'live' | 'services'>): DeployedService[] {
  return live.flatMap((object) => {
    const found = object.kind === ECS_SERVICE ? services.get(object.metadata.name) : undefined;
    return found ? [{ name: serviceOf(object), object, live: found }] : [];
  });
}
