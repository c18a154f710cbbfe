import type { Stack } from '@aws-sdk/client-cloudformation';
import { ENVIRONMENT_TAG, stackName, type Template } from '@berth/manifests';
import { UserError } from '@berth/model';
import type { Aws } from './aws';
import { isAwsError, named } from './aws-error';

/** The stack of an environment as it is now. */
export interface StackState {
  id: string;
  /** CloudFormation's own word, for example `UPDATE_ROLLBACK_COMPLETE`. */
  status: string;
  reason?: string;
  tags: Record<string, string>;
  createdAt: Date;
  updatedAt?: Date;
}

/** @returns undefined when there is none @throws UserError when there is one that Berth has not made */
export async function readStack(aws: Aws, environment: string): Promise<StackState | undefined> {
  const name = stackName(environment);
  const cloudFormation = await aws.cloudFormation();
  try {
    const { Stacks = [] } = await cloudFormation.describeStacks({ StackName: name });
    const stack = Stacks[0] && stateOf(Stacks[0]);
    if (!stack || stack.status === 'DELETE_COMPLETE') return undefined;
    if (stack.tags[ENVIRONMENT_TAG] === environment) return stack;
    throw new UserError(
      `The stack ${name} was not made by Berth: it has no tag ${ENVIRONMENT_TAG}=${environment}.`,
      `Name the environment otherwise; or remove that stack yourself, when it may go: aws cloudformation delete-stack --stack-name ${name} ${named(aws.settings)}`,
    );
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw error;
  }
}

export function stateOf({
  StackId = '',
  StackStatus,
  StackStatusReason,
  Tags = [],
  CreationTime = new Date(0),
  LastUpdatedTime,
}: Stack): StackState {
  return {
    id: StackId,
    status: StackStatus ?? '',
    ...(StackStatusReason ? { reason: StackStatusReason } : {}),
    tags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
    createdAt: CreationTime,
    ...(LastUpdatedTime ? { updatedAt: LastUpdatedTime } : {}),
  };
}

/** CloudFormation says by a ValidationError, and in words, that a stack is not there. */
function isNotThere(error: unknown): boolean {
  return isAwsError(error, 'ValidationError') && /does not exist/.test(error.said);
}

/** Whether CloudFormation is at it. A stack in review has nothing yet, and waits for nobody. */
export function isInProgress({ status }: Pick<StackState, 'status'>): boolean {
  return status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS';
}

/** Whether it holds nothing that runs: only reviewed so far, or its creation failed and was rolled back. */
export function isHollow({ status }: Pick<StackState, 'status'>): boolean {
  return status === 'REVIEW_IN_PROGRESS' || status === 'ROLLBACK_COMPLETE';
}

/** Whether the last thing that CloudFormation did to it was to take its own work back, or to fail at all. */
export function hasFailed({ status }: Pick<StackState, 'status'>): boolean {
  return /ROLLBACK|FAILED/.test(status) && !isInProgress({ status });
}

/** Why nothing can be done to a stack as it is, and what a person can do; undefined when something can. */
export function standstill(aws: Aws, environment: string, stack: StackState): string | undefined {
  const command = (operation: string) =>
    `aws cloudformation ${operation} --stack-name ${stackName(environment)} ${named(aws.settings)}`;
  const why = stack.reason ? ` (${stack.reason})` : '';
  switch (stack.status) {
    case 'UPDATE_ROLLBACK_FAILED':
      return `The stack could not be rolled back${why}. Put right what its events name, then: ${command('continue-update-rollback')}`;
    case 'ROLLBACK_FAILED':
    case 'CREATE_FAILED':
    case 'DELETE_FAILED':
      return `The stack is ${stack.status}${why}. Put right what its events name, then: nx destroy ${environment}`;
    default:
      return undefined;
  }
}

/** The template that the stack runs. @throws UserError when it was not Berth that wrote it last */
export async function readTemplate(aws: Aws, environment: string): Promise<Template> {
  const cloudFormation = await aws.cloudFormation();
  const { TemplateBody = '' } = await cloudFormation.getTemplate({
    StackName: stackName(environment),
    TemplateStage: 'Original',
  });
  try {
    return JSON.parse(TemplateBody) as Template;
  } catch (error) {
    throw new UserError(
      `The stack ${stackName(environment)} runs a template that Berth has not written: it is no JSON.`,
      `aws cloudformation get-template --stack-name ${stackName(environment)} ${named(aws.settings)} shows it.`,
      { cause: error },
    );
  }
}
