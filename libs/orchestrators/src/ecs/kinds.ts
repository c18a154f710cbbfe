import type { ObjectKinds } from '@berth/deploy';
import { STACK_API_VERSION, STACK_KIND } from '@berth/manifests';

const group = STACK_API_VERSION.split('/')[0] as string;

export const ECS_SERVICE = 'AWS::ECS::Service';
export const TASK_DEFINITION = 'AWS::ECS::TaskDefinition';
export const SCALABLE_TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';

export const ecsKinds: ObjectKinds = {
  first: [STACK_KIND],
  // CloudFormation finds the order by itself.
  foundation: new Set(),
  workloads: new Set([ECS_SERVICE]),
  kept: new Set([`${group}/${STACK_KIND}`, `${group}/AWS::EFS::FileSystem`]),
  // Which fields make a resource anew, the change set says.
  immutable: {},
  images: ({ kind, Properties }) => {
    if (kind !== TASK_DEFINITION) return [];
    const { ContainerDefinitions = [] } = Properties as { ContainerDefinitions?: { Image?: string }[] };
    return ContainerDefinitions.flatMap(({ Image }) => Image ?? []);
  },
};
