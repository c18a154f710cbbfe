import type { Nodegroup, NodegroupScalingConfig } from '@aws-sdk/client-eks';
import { UserError, type EksSettings } from '@berth/model';
import { follow } from '../cloud/poll';
import type { Step } from '../provider';
import { asked } from './aws';
import { complaints, findNodes, NODE_GROUP } from './description';
import type { EksContext } from './eks';
import { isPassing } from './refusal';
import { foundationOf, readStack } from './stack';
import { tagsOf } from './template';

/** The numbers of a node group; without an autoscaler it has just as many as it is told. */
export function scalingOf({ pool: { autoscaling } }: EksSettings, nodes: number): NodegroupScalingConfig {
  return {
    minSize: autoscaling?.min ?? nodes,
    // AWS takes no group that may never have a node.
    maxSize: Math.max(1, autoscaling?.max ?? nodes),
    desiredSize: nodes,
  };
}

/** By these tags the cluster autoscaler finds what it may scale: https://github.com/kubernetes/autoscaler/tree/master/cluster-autoscaler/cloudprovider/aws */
export function autoscalerTags(name: string): Record<string, string> {
  return { 'k8s.io/cluster-autoscaler/enabled': 'true', [`k8s.io/cluster-autoscaler/${name}`]: 'owned' };
}

/** The step that makes the node group, or waits for one that is being made; undefined when it is well. */
export function nodesStep(context: EksContext, found: Nodegroup | undefined): Step | undefined {
  if (found?.status === 'ACTIVE' || found?.status === 'UPDATING') return undefined;
  const { settings, cluster } = context;
  const { machineTypes, nodes, autoscaling } = settings.pool;
  const limits = autoscaling ? `, ${autoscaling.min} to ${autoscaling.max} by the autoscaler` : '';
  return {
    title: 'Nodes',
    details: [
      `node group ${NODE_GROUP} of ${cluster.name}: ${nodes} of ${machineTypes.join(' or ')}${limits}`,
    ],
    run: async (log, progress = log) => {
      const now = await findNodes(context);
      if (now?.status === 'CREATE_FAILED') throw failed(context, now);
      if (now?.status === 'DELETING') await followGone(context, NODE_GROUP, progress);
      if (!now || now.status === 'DELETING') await createNodes(context);
      await followActive(context, progress);
    },
  };
}

async function createNodes(context: EksContext): Promise<void> {
  const { aws, settings, cluster } = context;
  const stack = await readStack(context);
  if (!stack) throw new UserError('The stack of the cluster is gone.', `nx create cluster-${cluster.name}`);
  const { nodeRole, subnets } = foundationOf(stack, context);
  await asked(settings, () =>
    aws.eks.createNodegroup({
      ...{ clusterName: cluster.name, nodegroupName: NODE_GROUP, nodeRole, subnets },
      instanceTypes: settings.pool.machineTypes,
      scalingConfig: scalingOf(settings, settings.pool.nodes),
      tags: { ...tagsOf(cluster.name), ...(settings.pool.autoscaling ? autoscalerTags(cluster.name) : {}) },
    }),
  );
}

/** Other numbers for a node group that is there. */
export function scaleStep(context: EksContext, title: string, scaling: NodegroupScalingConfig): Step {
  const { aws, settings, cluster } = context;
  const { minSize, maxSize, desiredSize } = scaling;
  return {
    title,
    details: [`node group ${NODE_GROUP} of ${cluster.name}: ${desiredSize} nodes, ${minSize} to ${maxSize}`],
    run: async (log, progress = log) => {
      // AWS takes one change at a time.
      await followActive(context, progress);
      const group = { clusterName: cluster.name, nodegroupName: NODE_GROUP };
      await asked(settings, () => aws.eks.updateNodegroupConfig({ ...group, scalingConfig: scaling }));
      await followActive(context, progress);
    },
  };
}

async function followActive(context: EksContext, progress: (line: string) => void): Promise<void> {
  const { settings, patience, cluster } = context;
  const done = await follow<Nodegroup | undefined>(
    {
      what: `The node group ${NODE_GROUP} of ${cluster.name} in ${settings.region}`,
      ask: () => findNodes(context),
      describe: (group) => `nodes: ${group?.status?.toLowerCase().replaceAll('_', ' ') ?? 'not there yet'}`,
      isDone: (group) => /^(ACTIVE|DEGRADED|CREATE_FAILED)$/.test(group?.status ?? ''),
      isPassing,
    },
    progress,
    patience,
  );
  if (done && done.status !== 'ACTIVE') throw failed(context, done);
}

/** Waits until a node group is gone. */
export async function followGone(
  context: EksContext,
  name: string,
  progress: (line: string) => void,
): Promise<void> {
  const done = await follow<Nodegroup | undefined>(
    {
      what: `Deleting the node group ${name} of ${context.cluster.name}`,
      ask: () => findNodes(context, name),
      describe: (group) => `node group ${name}: ${group?.status?.toLowerCase() ?? 'gone'}`,
      isDone: (group) => group === undefined || group.status === 'DELETE_FAILED',
      isPassing,
    },
    progress,
    context.patience,
  );
  if (done) throw failed(context, done);
}

function failed({ cluster: { name } }: EksContext, group: Nodegroup): UserError {
  return new UserError(
    `The node group ${group.nodegroupName} of ${name} is not well (${group.status}): ${complaints(group) || 'no reason given'}`,
    `What was made costs money. Mend what it says, or remove it: nx destroy cluster-${name}`,
  );
}
