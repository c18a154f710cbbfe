import type { Volume } from '@aws-sdk/client-ec2';
import type { Cluster as LiveCluster } from '@aws-sdk/client-eks';
import type { Step } from '../provider';
import { asked, ifThere } from './aws';
import { followClusterGone } from './control-plane';
import { findCluster, findNodes } from './description';
import type { EksContext } from './eks';
import { followGone } from './nodes';

/** The names of the cluster's node groups, ours or not: all of them keep it from going. */
export async function nodeGroups({ aws, settings, cluster }: EksContext): Promise<string[]> {
  const found = await ifThere(settings, () => aws.eks.listNodegroups({ clusterName: cluster.name }));
  return found?.nodegroups ?? [];
}

/** Deletes the node groups, then the control plane; goes on with what is being deleted. */
export function deleteSteps(context: EksContext, found: LiveCluster, groups: readonly string[]): Step[] {
  const { aws, settings, cluster } = context;
  const nodes: Step = {
    title: 'Nodes',
    details: groups.map((name) => `delete node group ${name} of ${cluster.name} with its machines`),
    run: async (log, progress = log) => {
      for (const nodegroupName of groups) {
        const group = await findNodes(context, nodegroupName);
        if (!group) continue;
        if (group.status !== 'DELETING')
          await asked(settings, () => aws.eks.deleteNodegroup({ clusterName: cluster.name, nodegroupName }));
        await followGone(context, nodegroupName, progress);
      }
    },
  };
  const controlPlane: Step = {
    title: `Cluster ${cluster.name}`,
    details: [`delete control plane ${found.name} in ${settings.region}`],
    run: async (log, progress = log) => {
      const now = await findCluster(context);
      if (!now) return;
      if (now.status !== 'DELETING')
        await asked(settings, () => aws.eks.deleteCluster({ name: cluster.name }));
      await followClusterGone(context, progress);
    },
  };
  return groups.length > 0 ? [nodes, controlPlane] : [controlPlane];
}

/** The volumes of services: https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/tagging.md */
export async function volumesOf({ aws, settings, cluster }: EksContext): Promise<Volume[]> {
  const filter = { Name: `tag:kubernetes.io/cluster/${cluster.name}`, Values: ['owned'] };
  const { Volumes: volumes = [] } = await asked(settings, () =>
    aws.ec2.describeVolumes({ Filters: [filter] }),
  );
  return volumes;
}

export function volumesStep(context: EksContext, volumes: readonly Volume[]): Step | undefined {
  if (volumes.length === 0) return undefined;
  return {
    title: 'Volumes of services',
    details: volumes.map(({ VolumeId: id, Size: size }) => `delete volume ${id} (${size} GiB) with all data`),
    run: async (log) => {
      for (const { VolumeId: id } of await volumesOf(context)) {
        log(`delete ${id}`);
        await ifThere(context.settings, () => context.aws.ec2.deleteVolume({ VolumeId: id }));
      }
    },
  };
}
