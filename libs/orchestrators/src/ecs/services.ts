import type { Service } from '@aws-sdk/client-ecs';
import { stackName } from '@berth/manifests';
import type { Aws } from './aws';
import { isAwsError } from './aws-error';
import { ECS_SERVICE } from './kinds';

/** ECS services that one request tells of. */
const atOnce = 10;

/** An ECS service as it is now. */
export interface LiveService {
  arn: string;
  /** Tasks that ECS is to run. */
  desired: number;
  running: number;
  /** How the newest deployment goes; absent where ECS does not say. */
  rollout?: { state: string; reason: string; failedTasks: number; startedAt: Date; taskDefinition: string };
  /** What ECS said last. */
  lastEvent: string;
}

/** The ECS services that the stack has, by logical id. */
export async function readServices(aws: Aws, environment: string): Promise<Map<string, LiveService>> {
  const ids = await physicalIds(aws, environment);
  const ecs = await aws.ecs();
  const arns = [...ids.keys()];
  const found = new Map<string, LiveService>();
  for (let index = 0; index < arns.length; index += atOnce) {
    const { services = [] } = await ecs.describeServices({
      cluster: aws.settings.cluster,
      services: arns.slice(index, index + atOnce),
    });
    for (const service of services) {
      const logicalId = ids.get(service.serviceArn ?? '');
      if (logicalId && service.status === 'ACTIVE') found.set(logicalId, liveService(service));
    }
  }
  return found;
}

/** By ARN the logical ids of the stack's ECS services; none when the stack is not there. */
async function physicalIds(aws: Aws, environment: string): Promise<Map<string, string>> {
  const cloudFormation = await aws.cloudFormation();
  const ids = new Map<string, string>();
  let NextToken: string | undefined;
  try {
    do {
      const page = await cloudFormation.listStackResources({
        StackName: stackName(environment),
        ...(NextToken ? { NextToken } : {}),
      });
      for (const {
        ResourceType,
        LogicalResourceId = '',
        PhysicalResourceId = '',
      } of page.StackResourceSummaries ?? [])
        if (ResourceType === ECS_SERVICE && PhysicalResourceId)
          ids.set(PhysicalResourceId, LogicalResourceId);
      NextToken = page.NextToken;
    } while (NextToken);
  } catch (error) {
    if (!isAwsError(error, 'ValidationError')) throw error;
  }
  return ids;
}

export function liveService(service: Service): LiveService {
  const newest = service.deployments?.find(({ status }) => status === 'PRIMARY');
  return {
    arn: service.serviceArn ?? '',
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    ...(newest
      ? {
          rollout: {
            state: newest.rolloutState ?? 'COMPLETED',
            reason: newest.rolloutStateReason ?? '',
            failedTasks: newest.failedTasks ?? 0,
            startedAt: newest.createdAt ?? new Date(0),
            taskDefinition: newest.taskDefinition ?? '',
          },
        }
      : {}),
    lastEvent: service.events?.[0]?.message ?? '',
  };
}
