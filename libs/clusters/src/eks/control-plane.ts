import type { Cluster as LiveCluster } from '@aws-sdk/client-eks';
import { UserError } from '@berth/model';
import { follow } from '../cloud/poll';
import type { Step } from '../provider';
import { asked } from './aws';
import { complaints, findCluster, refuseForeign } from './description';
import type { EksContext } from './eks';
import { isPassing } from './refusal';
import { foundationOf, readStack } from './stack';
import { tagsOf } from './template';

/** The step that makes the control plane, or goes on with one that is being made; undefined when it answers. */
export function controlPlaneStep(context: EksContext, found: LiveCluster | undefined): Step | undefined {
  if (found?.status === 'ACTIVE' || found?.status === 'UPDATING') return undefined;
  if (found?.status === 'FAILED') throw failed(context, found);
  const { cluster, settings } = context;
  const version = settings.version ?? 'of AWS’s choice';
  return {
    title: `Cluster ${cluster.name}`,
    details: [
      found?.status === 'CREATING'
        ? 'wait until what is under way has made it'
        : `control plane ${cluster.name} in ${settings.region}, Kubernetes ${version}`,
    ],
    run: async (log, progress = log) => {
      const now = await findCluster(context);
      if (now) refuseForeign(now, cluster);
      if (now?.status === 'DELETING') await followClusterGone(context, progress);
      if (!now || now.status === 'DELETING') await create(context);
      const made = await follow<LiveCluster | undefined>(
        {
          what: `The cluster ${cluster.name} in ${settings.region}`,
          ask: () => findCluster(context),
          describe: (live) => `control plane: ${live?.status?.toLowerCase() ?? 'not there yet'}`,
          isDone: (live) => live !== undefined && live.status !== 'CREATING' && live.status !== 'PENDING',
          isPassing,
        },
        progress,
        context.patience,
      );
      if (made && made.status !== 'ACTIVE') throw failed(context, made);
    },
  };
}

async function create(context: EksContext): Promise<void> {
  const { aws, settings, cluster } = context;
  const stack = await readStack(context);
  if (!stack) throw new UserError('The stack of the cluster is gone.', `nx create cluster-${cluster.name}`);
  const { clusterRole, subnets } = foundationOf(stack, context);
  const { version } = settings;
  await asked(settings, () =>
    aws.eks.createCluster({
      name: cluster.name,
      roleArn: clusterRole,
      resourcesVpcConfig: { subnetIds: subnets },
      ...(version === undefined ? {} : { version }),
      accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: true },
      tags: tagsOf(cluster.name),
    }),
  );
}

/** Waits until the control plane is gone. */
export async function followClusterGone(
  context: EksContext,
  progress: (line: string) => void,
): Promise<void> {
  await follow<LiveCluster | undefined>(
    {
      what: `Deleting the cluster ${context.cluster.name}`,
      ask: () => findCluster(context),
      describe: (live) => `control plane: ${live?.status?.toLowerCase() ?? 'gone'}`,
      isDone: (live) => live === undefined,
      isPassing,
    },
    progress,
    context.patience,
  );
}

function failed({ cluster: { name } }: EksContext, live: LiveCluster): UserError {
  return new UserError(
    `The cluster ${name} could not be made (${live.status}): ${complaints(live) || 'no reason given'}`,
    `What was made of it costs money. Remove it, then make it anew: nx destroy cluster-${name} && nx create cluster-${name}`,
  );
}
