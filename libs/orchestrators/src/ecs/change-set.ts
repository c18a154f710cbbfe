import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Change as StackChange, DescribeChangeSetOutput } from '@aws-sdk/client-cloudformation';
import { stackName } from '@berth/manifests';
import { UserError } from '@berth/model';
import type { Aws } from './aws';
import { withTemplate, type TemplateSource } from './template-source';

const pollMs = 1_000;
const limitMs = 120_000;

/** What CloudFormation would do to one resource. */
export interface ResourcePlan {
  logicalId: string;
  type: string;
  action: 'Add' | 'Modify' | 'Remove' | 'Import' | 'Dynamic' | 'SyncWithActual';
  /** `True`: the resource is made anew. */
  replacement: string;
  /** Resources whose change changes it too. */
  causes: string[];
}

export interface ChangeSet {
  arn: string;
  resources: ResourcePlan[];
}

export interface ChangeSetRequest {
  type: 'CREATE' | 'UPDATE';
  template: string;
  tags: Readonly<Record<string, string>>;
}

/** Why CloudFormation makes no change set of a template. */
export class ChangeSetRefused extends UserError {
  override readonly name = 'ChangeSetRefused';
}

/**
 * Makes a change set and waits until CloudFormation has said what it would do. Whoever does not execute it deletes it.
 * @returns undefined when there is nothing to change
 * @throws ChangeSetRefused with CloudFormation's reason; nothing of it is left then
 */
export function makeChangeSet(
  aws: Aws,
  environment: string,
  request: ChangeSetRequest,
  signal?: AbortSignal,
): Promise<ChangeSet | undefined> {
  return withTemplate(aws, environment, request.template, (source) =>
    makeFrom(source, aws, environment, request, signal),
  );
}

async function makeFrom(
  source: TemplateSource,
  aws: Aws,
  environment: string,
  { type, tags }: ChangeSetRequest,
  signal: AbortSignal | undefined,
): Promise<ChangeSet | undefined> {
  const cloudFormation = await aws.cloudFormation();
  const StackName = stackName(environment);
  const { Id: arn = '' } = await cloudFormation.createChangeSet({
    StackName,
    ChangeSetName: `berth-${randomUUID()}`,
    ChangeSetType: type,
    ...source,
    Capabilities: ['CAPABILITY_IAM'],
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  });
  try {
    const { Status, StatusReason = '' } = await described(aws, environment, arn, signal);
    if (Status === 'CREATE_COMPLETE') return { arn, resources: await resourcesOf(aws, environment, arn) };
    if (!isNothing(StatusReason)) throw new ChangeSetRefused(StatusReason || `it is ${Status}`);
  } catch (error) {
    await deleteChangeSet(aws, environment, arn).catch(() => undefined);
    throw error;
  }
  await deleteChangeSet(aws, environment, arn);
  return undefined;
}

export async function deleteChangeSet(aws: Aws, environment: string, arn: string): Promise<void> {
  const cloudFormation = await aws.cloudFormation();
  await cloudFormation.deleteChangeSet({ StackName: stackName(environment), ChangeSetName: arn });
}

async function described(
  aws: Aws,
  environment: string,
  arn: string,
  signal: AbortSignal | undefined,
): Promise<DescribeChangeSetOutput> {
  const cloudFormation = await aws.cloudFormation();
  for (const end = performance.now() + limitMs; ;) {
    const found = await cloudFormation.describeChangeSet({
      StackName: stackName(environment),
      ChangeSetName: arn,
    });
    if (found.Status === 'CREATE_COMPLETE' || found.Status === 'FAILED') return found;
    if (performance.now() > end)
      throw new UserError(
        `CloudFormation has not said within ${limitMs / 1000} s what it would change of ${environment}.`,
        'Run the same command again.',
      );
    await delay(pollMs, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
  }
}

async function resourcesOf(aws: Aws, environment: string, arn: string): Promise<ResourcePlan[]> {
  const cloudFormation = await aws.cloudFormation();
  const changes: StackChange[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudFormation.describeChangeSet({
      StackName: stackName(environment),
      ChangeSetName: arn,
      ...(NextToken ? { NextToken } : {}),
    });
    changes.push(...(page.Changes ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return changes.flatMap(({ ResourceChange }) => {
    if (!ResourceChange) return [];
    const {
      Action = 'Modify',
      LogicalResourceId = '',
      ResourceType = '',
      Replacement,
      Details = [],
    } = ResourceChange;
    const causes = Details.flatMap(({ ChangeSource, CausingEntity }) =>
      ChangeSource === 'ResourceReference' || ChangeSource === 'ResourceAttribute'
        ? [CausingEntity?.split('.')[0] ?? '']
        : [],
    );
    return [
      {
        logicalId: LogicalResourceId,
        type: ResourceType,
        action: Action,
        replacement: Replacement ?? 'False',
        causes: [...new Set(causes.filter(Boolean))],
      },
    ];
  });
}

/** CloudFormation counts a change set without changes as failed, and says so in one of two ways. */
function isNothing(reason: string): boolean {
  return /didn't contain changes|No updates are to be performed/.test(reason);
}
