import { writeWhole } from '@berth/exec';
import { UserError, type Cluster, type EksSettings } from '@berth/model';
import { cloudKubeconfig, deleteKubeconfigStep, isWritten } from '../cloud/kubeconfig';
import { refuseBeyondLimits } from '../cloud/limits';
import { loadBalancersStep, type Connect } from '../cloud/load-balancers';
import { PATIENCE, type Patience } from '../cloud/poll';
import type {
  ClusterProvider,
  ClusterStatus,
  ClusterSummary,
  Listing,
  Resizing,
  Step,
  Whereabouts,
} from '../provider';
import { asked, type Aws, type AwsPlace } from './aws';
import { checkMachineTypes, checkRegion } from './choices';
import { controlPlaneStep } from './control-plane';
import { findCluster, findNodes, isOurs, refuseForeign } from './description';
import { deleteSteps, nodeGroups, volumesOf, volumesStep } from './destroy';
import { nodesStep, scaleStep, scalingOf } from './nodes';
import { deleteStackStep, readStack, stackStep } from './stack';

export interface EksContext {
  aws: Aws;
  settings: EksSettings;
  cluster: Cluster;
  patience: Patience;
}

/** Clusters of Amazon's Elastic Kubernetes Service, with a managed node group. */
export class Eks implements ClusterProvider, Resizing, Listing {
  readonly #connections = new Map<string, Promise<Aws>>();

  constructor(
    private readonly connect: (place: AwsPlace) => Promise<Aws>,
    private readonly workspace: string,
    private readonly patience: Patience = PATIENCE,
    private readonly connectKube?: Connect,
  ) {}

  async observe(cluster: Cluster): Promise<ClusterStatus> {
    const context = await this.#of(cluster);
    const found = await findCluster(context);
    if (!found) return { exists: false, ready: false, nodes: [] };
    const group = await findNodes(context);
    const nodes = await this.#nodes(context, group?.version ?? found.version ?? '');
    const well = found.status === 'ACTIVE' && group?.status === 'ACTIVE';
    return { exists: true, ready: well && nodes.every(({ ready }) => ready), nodes };
  }

  async planCreate(cluster: Cluster): Promise<Step[]> {
    const context = await this.#of(cluster);
    const { aws, settings } = context;
    await checkRegion(await this.#connected({ ...settings, region: 'us-east-1' }), cluster, settings);
    const [found, stack] = await Promise.all([findCluster(context), readStack(context)]);
    if (found) refuseForeign(found, cluster);
    else await checkMachineTypes(aws, cluster, settings);
    const group = found && (await findNodes(context));
    const scaling = group?.scalingConfig;
    const wanted = settings.pool.autoscaling;
    const otherLimits =
      wanted && scaling && (scaling.minSize !== wanted.min || scaling.maxSize !== wanted.max)
        ? scalingOf(settings, clamp(scaling.desiredSize ?? settings.pool.nodes, wanted))
        : undefined;
    const steps = [
      stackStep(context, stack),
      controlPlaneStep(context, found),
      nodesStep(context, group),
      otherLimits && scaleStep(context, 'Autoscaling of nodes', otherLimits),
      found?.endpoint !== undefined && isWritten(this.#kubeconfig(context, found))
        ? undefined
        : {
            title: 'Credentials',
            details: [`write ${cluster.kubeconfig}, context ${cluster.context}`],
            run: () => this.credentials(cluster),
          },
    ];
    return steps.filter((step) => step !== undefined);
  }

  async planResize(cluster: Cluster, nodes: number): Promise<Step[]> {
    const context = await this.#of(cluster);
    refuseBeyondLimits(nodes, context.settings.pool.autoscaling, cluster);
    const found = await findCluster(context);
    if (!found) throw this.#notThere(cluster);
    refuseForeign(found, cluster);
    const group = await findNodes(context);
    if (!group) {
      throw new UserError(
        `The cluster ${cluster.name} has no nodes yet.`,
        `nx create cluster-${cluster.name}`,
      );
    }
    if (group.scalingConfig?.desiredSize === nodes && group.status === 'ACTIVE') return [];
    return [scaleStep(context, 'Nodes', scalingOf(context.settings, nodes))];
  }

  async planDestroy(cluster: Cluster): Promise<Step[]> {
    const context = await this.#of(cluster);
    const [found, stack, volumes] = await Promise.all([
      findCluster(context),
      readStack(context),
      volumesOf(context),
    ]);
    if (found) refuseForeign(found, cluster);
    const steps = [
      found?.status === 'ACTIVE'
        ? await loadBalancersStep(cluster, this.workspace, this.patience, this.connectKube)
        : undefined,
      ...(found ? deleteSteps(context, found, await nodeGroups(context)) : []),
      volumesStep(context, volumes),
      deleteStackStep(context, stack),
      deleteKubeconfigStep(cluster, this.workspace),
    ];
    return steps.filter((step) => step !== undefined);
  }

  async credentials(cluster: Cluster): Promise<void> {
    const context = await this.#of(cluster);
    const found = await findCluster(context);
    if (!found) throw this.#notThere(cluster);
    if (found.endpoint === undefined) {
      throw new UserError(
        `The cluster ${cluster.name} has no address yet: its status is ${found.status}.`,
        `It is followed by: nx create cluster-${cluster.name}`,
      );
    }
    writeWhole(this.#kubeconfig(context, found));
  }

  async list({ region, profile }: Whereabouts): Promise<ClusterSummary[]> {
    if (region === undefined) {
      throw new UserError(
        'Nothing says in which region of AWS to look.',
        'nx run berth:clusters --provider=eks --region=<region>',
      );
    }
    const place = { region, profile };
    const { eks } = await this.#connected(place);
    const names: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await asked(place, () => eks.listClusters(nextToken === undefined ? {} : { nextToken }));
      names.push(...(page.clusters ?? []));
      nextToken = page.nextToken || undefined;
    } while (nextToken !== undefined);
    const found = await Promise.all(
      names.map(async (name) => (await asked(place, () => eks.describeCluster({ name }))).cluster),
    );
    const ours = found.filter((live) => live !== undefined && isOurs(live));
    return Promise.all(
      ours.map(async (live) => {
        const { name = '', status = '' } = live ?? {};
        const { nodegroups = [] } = await asked(place, () => eks.listNodegroups({ clusterName: name }));
        const groups = await Promise.all(
          nodegroups.map((nodegroupName) =>
            asked(place, () => eks.describeNodegroup({ clusterName: name, nodegroupName })),
          ),
        );
        const sizes = groups.map(({ nodegroup }) => nodegroup?.scalingConfig?.desiredSize ?? 0);
        const state = { ACTIVE: 'running', CREATING: 'being created', DELETING: 'being deleted' }[
          status as string
        ];
        return {
          name,
          place: `region ${region}`,
          state: state ?? status.toLowerCase(),
          nodes: sizes.reduce((sum, size) => sum + size, 0),
        };
      }),
    );
  }

  /** The machines of the cluster's node groups, as EC2 has them. */
  async #nodes({ aws, settings, cluster }: EksContext, version: string): Promise<ClusterStatus['nodes']> {
    const { Reservations: reservations = [] } = await asked(settings, () =>
      aws.ec2.describeInstances({
        Filters: [
          { Name: 'tag:eks:cluster-name', Values: [cluster.name] },
          { Name: 'instance-state-name', Values: ['pending', 'running'] },
        ],
      }),
    );
    return reservations
      .flatMap(({ Instances: instances = [] }) => instances)
      .map(({ PrivateDnsName: name = '', State: state }) => ({
        ...{ name, version },
        ready: state?.Name === 'running',
      }));
  }

  #kubeconfig(
    { settings, cluster }: EksContext,
    found: {
      endpoint?: string | undefined;
      certificateAuthority?: { data?: string | undefined } | undefined;
    },
  ) {
    const { region, profile } = settings;
    return cloudKubeconfig(cluster, this.workspace, {
      server: found.endpoint ?? '',
      ca: found.certificateAuthority?.data ?? '',
      plugin: {
        command: 'aws',
        args: ['eks', 'get-token', '--cluster-name', cluster.name, '--region', region, '--output', 'json'],
        ...(profile === undefined ? {} : { env: { AWS_PROFILE: profile } }),
      },
      installHint:
        'Install the AWS CLI: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html',
    });
  }

  #notThere({ name, eks }: Cluster): UserError {
    return new UserError(
      `There is no cluster ${name} in region ${eks?.region}.`,
      `nx create cluster-${name}`,
    );
  }

  async #of(cluster: Cluster): Promise<EksContext> {
    const { eks: settings } = cluster;
    if (!settings) throw new Error(`${cluster.root}/cluster.json has no settings of eks`);
    const aws = await this.#connected(settings);
    return { aws, settings, cluster, patience: this.patience };
  }

  #connected({ region, profile }: AwsPlace): Promise<Aws> {
    const key = JSON.stringify([region, profile]);
    const connection = this.#connections.get(key) ?? this.connect({ region, profile });
    this.#connections.set(key, connection);
    return connection;
  }
}

function clamp(nodes: number, { min, max }: { min: number; max: number }): number {
  return Math.min(max, Math.max(min, nodes));
}
