import type { Environment } from './environment';
import { place } from './place';
import type { Problem } from './problem';
import type { Service } from './service';

/** Fields of services that only another orchestrator than the environment's has, each with the reason. */
export function foreignFields(environment: Environment, services: readonly Service[]): Problem[] {
  return [...taskRoles(environment, services), ...nodeFolders(environment, services)];
}

/** A role of AWS is taken on by tasks of ECS alone. */
function taskRoles(environment: Environment, services: readonly Service[]): Problem[] {
  if (environment.orchestrator === 'ecs') return [];
  return services
    .filter(({ taskRole }) => taskRole !== undefined)
    .map((service) => ({
      ...place(environment, service, ['taskRole']),
      message: `has no effect on ${environment.orchestrator}: it is the role of a task of ECS`,
      hint: `write it as services.${service.name}.taskRole in the env.json of an environment on ECS`,
    }));
}

/** A pod gets no folder of its node: the restricted Pod Security Standard forbids it; and on Fargate there is no node. */
function nodeFolders(environment: Environment, services: readonly Service[]): Problem[] {
  if (environment.orchestrator === 'swarm') return [];
  return services
    .filter((service) => service.nodeFolders.length > 0)
    .map((service) => ({
      ...place(environment, service, ['nodeFolders']),
      message: `is not to be had on ${environment.orchestrator}: folders of the nodes are for Swarm alone`,
      hint: `write it as services.${service.name}.nodeFolders in the env.json of an environment on Swarm`,
    }));
}
