import type { Stack } from '@aws-sdk/client-cloudformation';
import { UserError } from '@berth/model';
import { follow } from '../cloud/poll';
import type { Step } from '../provider';
import { asked, ifThere } from './aws';
import type { EksContext } from './eks';
import { isPassing } from './refusal';
import { stackNameOf, stackTemplate, tagsOf } from './template';

/** What the stack made for the cluster. */
export interface Foundation {
  clusterRole: string;
  nodeRole: string;
  subnets: string[];
}

export async function readStack({ aws, settings, cluster }: EksContext): Promise<Stack | undefined> {
  const found = await ifThere(settings, () =>
    aws.cloudFormation.describeStacks({ StackName: stackNameOf(cluster.name) }),
  );
  const stack = found?.Stacks?.[0];
  return stack?.StackStatus === 'DELETE_COMPLETE' ? undefined : stack;
}

/** The step that makes roles and network, or goes on with that; undefined when they are there. */
export function stackStep(context: EksContext, stack: Stack | undefined): Step | undefined {
  if (stack && isMade(stack)) return undefined;
  const { cluster, settings } = context;
  const own = settings.subnets === undefined;
  return {
    title: own ? 'Network and roles' : 'Roles',
    details: [
      `stack ${stackNameOf(cluster.name)} of CloudFormation: roles of control plane and nodes`,
      ...(own ? ['a VPC with two public subnets'] : []),
    ],
    run: async (log, progress = log) => {
      let now = await readStack(context);
      if (now && /^(ROLLBACK|DELETE)/.test(now.StackStatus ?? '')) {
        await removeStack(context, progress);
        now = undefined;
      }
      if (!now) await createStack(context);
      const { StackStatus: status } = await followStack(context, progress, /_COMPLETE$|_FAILED$/);
      if (status !== 'CREATE_COMPLETE') throw await failed(context, status ?? 'gone');
    },
  };
}

async function createStack({ aws, cluster, settings }: EksContext): Promise<void> {
  const own = settings.subnets === undefined;
  await asked(settings, () =>
    aws.cloudFormation.createStack({
      StackName: stackNameOf(cluster.name),
      TemplateBody: stackTemplate(cluster.name, own),
      Capabilities: ['CAPABILITY_IAM'],
      Tags: Object.entries(tagsOf(cluster.name)).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
}

/** The stack goes last: what it made is in use until then. Undefined when there is none. */
export function deleteStackStep(context: EksContext, stack: Stack | undefined): Step | undefined {
  if (!stack) return undefined;
  return {
    title: 'Network and roles',
    details: [`delete stack ${stack.StackName} of CloudFormation with all that it made`],
    run: (log, progress = log) => removeStack(context, progress),
  };
}

async function removeStack(context: EksContext, progress: (line: string) => void): Promise<void> {
  const { aws, cluster, settings } = context;
  const now = await readStack(context);
  if (!now) return;
  if (now.StackStatus !== 'DELETE_IN_PROGRESS')
    await asked(settings, () => aws.cloudFormation.deleteStack({ StackName: stackNameOf(cluster.name) }));
  const { StackStatus: status } = await followStack(context, progress, /^DELETE_(COMPLETE|FAILED)$/);
  if (status === 'DELETE_FAILED') throw await stuck(context);
}

async function followStack(
  context: EksContext,
  progress: (line: string) => void,
  ends: RegExp,
): Promise<Partial<Stack>> {
  const { settings, patience } = context;
  const name = stackNameOf(context.cluster.name);
  return follow<Partial<Stack>>(
    {
      what: `The stack ${name} in ${settings.region}`,
      ask: async () => (await readStack(context)) ?? { StackStatus: 'DELETE_COMPLETE' },
      describe: ({ StackStatus: status }) => `${name}: ${String(status).toLowerCase().replaceAll('_', ' ')}`,
      isDone: ({ StackStatus: status }) => ends.test(String(status)),
      isPassing,
    },
    progress,
    patience,
  );
}

export function isMade({ StackStatus: status }: Stack): boolean {
  return /^(CREATE|UPDATE)_COMPLETE$/.test(String(status));
}

/** What the stack gave. @throws UserError when it lacks something */
export function foundationOf(
  { Outputs: outputs = [] }: Stack,
  { settings, cluster }: EksContext,
): Foundation {
  const value = (key: string) => outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
  const [clusterRole, nodeRole] = [value('ClusterRole'), value('NodeRole')];
  const subnets = settings.subnets ?? value('Subnets')?.split(',');
  if (clusterRole && nodeRole && subnets) return { clusterRole, nodeRole, subnets };
  throw new UserError(
    `The stack ${stackNameOf(cluster.name)} has no network: it was made for subnets that ${cluster.root}/cluster.json named then.`,
    'Write "subnets" again, or: nx destroy cluster-' + cluster.name,
  );
}

async function failed(context: EksContext, status: string): Promise<UserError> {
  const reason = await reasonOf(context, /_FAILED$/);
  return new UserError(
    `The stack ${stackNameOf(context.cluster.name)} could not be made (${status}): ${reason}`,
    `Mend what it says, then: nx create cluster-${context.cluster.name}`,
  );
}

/** Mostly load balancers that services made hold the network: their interfaces say so. */
async function stuck(context: EksContext): Promise<UserError> {
  const { aws, settings, cluster } = context;
  const reason = await reasonOf(context, /^DELETE_FAILED$/);
  const vpc = (await readStack(context))?.Outputs?.find(({ OutputKey }) => OutputKey === 'Vpc')?.OutputValue;
  const interfaces = vpc
    ? await asked(settings, () =>
        aws.ec2.describeNetworkInterfaces({ Filters: [{ Name: 'vpc-id', Values: [vpc] }] }),
      )
    : undefined;
  const users = (interfaces?.NetworkInterfaces ?? []).map(({ Description: text }) => text).filter(Boolean);
  const held = users.length > 0 ? `\n  In its network are still: ${users.join(', ')}` : '';
  return new UserError(
    `The stack ${stackNameOf(cluster.name)} could not be deleted: ${reason}${held}`,
    `Delete those, load balancers by aws elbv2 delete-load-balancer, then: nx destroy cluster-${cluster.name}`,
  );
}

async function reasonOf({ aws, settings, cluster }: EksContext, status: RegExp): Promise<string> {
  const { StackEvents: events = [] } = await asked(settings, () =>
    aws.cloudFormation.describeStackEvents({ StackName: stackNameOf(cluster.name) }),
  );
  // Newest first: the oldest failure is the cause of the others.
  const event = events.filter(({ ResourceStatus: of = '' }) => status.test(of)).at(-1);
  return event
    ? `${event.LogicalResourceId}: ${event.ResourceStatusReason ?? event.ResourceStatus}`
    : 'no reason given';
}
