import {
  foreignFields,
  imageName,
  ModelError,
  UserError,
  type EcsSettings,
  type Environment,
  type Service,
} from '@berth/model';
import { environmentLabels } from '../labels';
import type { ManifestObject } from '../object';
import { patchProblems } from '../refusals';
import type { RenderOptions } from '../render-objects';
import { renderLoadBalancer } from './load-balancer';
import { ENVIRONMENT_TAG, PROTECTED_TAG, STACK_API_VERSION, STACK_KIND, TTL_TAG } from './names';
import { renderNetwork } from './network';
import { withFreePriorities } from './priorities';
import { renderPrivateNames } from './private-names';
import { refusalsOf } from './refusals';
import { renderEcsService } from './service';
import type { StackContext } from './stack-context';
import { refuseTooMuch } from './template';
import { renderVolumesGroup } from './volumes';

/**
 * Every object of an environment on ECS: the stack itself, then its resources. Pure.
 * @throws UserError with all that is asked for and ECS has not; or when the cluster has no account
 */
export function renderStackObjects(
  environment: Environment,
  services: readonly Service[],
  { registry, images, patches = [], cluster }: RenderOptions,
): ManifestObject[] {
  const settings = settingsOf(environment, cluster);
  const context: StackContext = { environment, services, settings };
  const problems = [
    ...patchProblems(environment, patches, 'ECS'),
    ...foreignFields(environment, services),
    ...services.flatMap((service) => refusalsOf(context, service)),
  ];
  if (problems.length > 0) throw new ModelError(problems);
  const objects = withFreePriorities([
    renderStack(environment),
    ...renderNetwork(context),
    ...renderVolumesGroup(context),
    ...renderPrivateNames(context),
    ...renderLoadBalancer(context),
    ...services.flatMap((service) =>
      renderEcsService(
        context,
        service,
        images?.get(service.name) ?? service.image ?? imageName(registry, service.name),
      ),
    ),
  ]);
  refuseTooMuch(environment, objects, settings);
  return objects;
}

function settingsOf(
  { cluster: name, root }: Environment,
  cluster: { ecs?: EcsSettings; root: string } | undefined,
): EcsSettings {
  if (cluster?.ecs) return cluster.ecs;
  throw new UserError(
    `${cluster?.root ?? `deploy/clusters/${name}`}/cluster.json at ecs: is missing, and ${root}/env.json says that the environment runs on ECS`,
    'Name there the account, region, profile, cluster, vpc and subnets; docs/guide/ecs.md shows how.',
  );
}

function renderStack(environment: Environment): ManifestObject {
  return {
    apiVersion: STACK_API_VERSION,
    kind: STACK_KIND,
    metadata: { name: environment.name, labels: environmentLabels(environment) },
    Description: `The environment ${environment.name}, by Berth`,
    Tags: {
      [ENVIRONMENT_TAG]: environment.name,
      ...(environment.ttl !== null && { [TTL_TAG]: environment.ttl }),
      ...(environment.protected && { [PROTECTED_TAG]: 'true' }),
    },
  };
}
