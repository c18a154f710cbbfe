import type { StackEvent } from '@aws-sdk/client-cloudformation';
import { stackName } from '@berth/manifests';
import type { Aws } from './aws';
import type { Execution } from './apply';

/** One thing that happened to one resource. */
export interface ResourceEvent {
  at: Date;
  logicalId: string;
  physicalId: string;
  type: string;
  status: string;
  reason: string;
}

/** What happened since something was set going, oldest first. */
export async function eventsSince(
  aws: Aws,
  environment: string,
  { token, startedAt }: Execution,
  stackId?: string,
): Promise<ResourceEvent[]> {
  const cloudFormation = await aws.cloudFormation();
  const found: StackEvent[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudFormation.describeStackEvents({
      // A stack that is gone is found by its id only.
      StackName: stackId ?? stackName(environment),
      ...(NextToken ? { NextToken } : {}),
    });
    const events = page.StackEvents ?? [];
    found.push(...events);
    // Newest first: what is older than the start is another's.
    const isPast = events.some(
      ({ Timestamp = startedAt }) => Timestamp.getTime() < startedAt.getTime() - clockMs,
    );
    NextToken = isPast ? undefined : page.NextToken;
  } while (NextToken);
  return ofExecution(found, token, startedAt);
}

/** Clocks of this machine and of AWS may differ by so many milliseconds. */
const clockMs = 60_000;

/** Those with its token; where no event has one, those since its start. Pure. */
export function ofExecution(events: readonly StackEvent[], token: string, startedAt: Date): ResourceEvent[] {
  const own = events.filter(({ ClientRequestToken }) => ClientRequestToken === token);
  const since = events.filter(
    ({ Timestamp, ClientRequestToken }) =>
      ClientRequestToken === undefined && (Timestamp?.getTime() ?? 0) >= startedAt.getTime() - 1000,
  );
  return [...(own.length > 0 ? own : since)].reverse().map((event) => ({
    at: event.Timestamp ?? startedAt,
    logicalId: event.LogicalResourceId ?? '',
    physicalId: event.PhysicalResourceId ?? '',
    type: event.ResourceType ?? '',
    status: event.ResourceStatus ?? '',
    reason: event.ResourceStatusReason ?? '',
  }));
}

/** The first thing that failed by itself: what was cancelled since another had failed is no cause. Pure. */
export function firstCause(events: readonly ResourceEvent[]): ResourceEvent | undefined {
  const failed = events.filter(({ status }) => status.endsWith('_FAILED'));
  return (
    failed.find(({ reason, type }) => type !== 'AWS::CloudFormation::Stack' && !/cancelled/i.test(reason)) ??
    failed[0] ??
    events.find(({ status, reason }) => /ROLLBACK_IN_PROGRESS$/.test(status) && reason !== '')
  );
}
