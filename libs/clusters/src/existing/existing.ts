import {
  contextOf,
  contextsOf,
  ifAllowed,
  KubeClient,
  kubectlOf,
  UnreachableError,
  type LiveObject,
} from '@berth/kube';
import { MANAGED_BY_LABEL } from '@berth/manifests';
import { UserError, type Cluster } from '@berth/model';
import type { ClusterProvider, ClusterStatus, Step } from '../provider';
import { checkCluster, isReady, type ClusterFinding } from './checks';
import { destroyRefusal, refuseLacking } from './not-made-here';
import { products, titleOf } from './products';
import { recognise } from './recognise';
import type { Recognised } from './traits';

/** An ability of providers whose clusters somebody else has made: to say what they lack. */
export interface Checking {
  check(cluster: Cluster): Promise<ClusterFinding[]>;
  /** Where the credentials are that Berth uses and did not write. @throws UserError when they are not there */
  whereCredentialsAre(cluster: Cluster): string;
  /** What a person may type to look at it. */
  howToLook(cluster: Cluster): string;
}

export function isChecking(provider: ClusterProvider): provider is ClusterProvider & Checking {
  return 'check' in provider;
}

interface ExistingOptions {
  /** Absolute path of the workspace, which paths in cluster.json are relative to. */
  workspace: string;
  /** The workspace's registry, to say whether the cluster can have another one. */
  registry?: string | undefined;
  /** Milliseconds without an answer after which a request is given up. */
  idleMs?: number;
}

/** A cluster that is there already. It is looked at and used; nothing of it is made, stopped or deleted. */
export class ExistingCluster implements ClusterProvider, Checking {
  constructor(private readonly options: ExistingOptions) {}

  async observe(cluster: Cluster): Promise<ClusterStatus> {
    return this.#with(cluster, async (client) => {
      try {
        const nodes = await listNodes(client);
        const ready = nodes.length > 0 && nodes.every(isReady);
        return { exists: true, ready, nodes: nodes.map(statusOf) };
      } catch (error) {
        if (error instanceof UnreachableError) return { exists: false, ready: false, nodes: [] };
        throw error;
      }
    });
  }

  /** What the cluster was recognised as, by its kubeconfig and its nodes. */
  async recognise(cluster: Cluster): Promise<Recognised | undefined> {
    return this.#with(cluster, async (client) =>
      recognise(this.#traits(cluster), await ifAllowed(listNodes(client))),
    );
  }

  /** Everything that Berth needs of the cluster, and whether it is there. @throws UserError when nobody answers */
  async check(cluster: Cluster): Promise<ClusterFinding[]> {
    return this.#with(cluster, async (client) => {
      const traits = this.#traits(cluster);
      try {
        const nodes = await ifAllowed(listNodes(client));
        const recognised = recognise(traits, nodes);
        const found = await checkCluster({
          client,
          cluster,
          recognised,
          nodes,
          registry: this.options.registry,
        });
        const title = titleOf(recognised);
        return title === undefined ? found : [{ state: 'well', what: title }, ...found];
      } catch (error) {
        if (!(error instanceof UnreachableError)) throw error;
        throw unreachable(error, cluster, recognise(traits));
      }
    });
  }

  /** Nothing is ever made. @throws UserError with all that is missing */
  async planCreate(cluster: Cluster): Promise<Step[]> {
    refuseLacking(cluster, await this.check(cluster));
    return [];
  }

  /** @throws UserError always */
  async planStop(cluster: Cluster): Promise<Step[]> {
    const recognised = recognise(this.#traits(cluster));
    throw new UserError(
      `Berth did not make the cluster ${cluster.name}, and does not stop it.`,
      `Stop it by the tools of ${titleOf(recognised) ?? 'whoever made it'}.`,
    );
  }

  /** @throws UserError always, with the environments that are in it and what removes them */
  async planDestroy(cluster: Cluster): Promise<Step[]> {
    throw await destroyRefusal('the cluster', cluster, () => this.#environments(cluster));
  }

  /** Nothing is written. @throws UserError when the credentials are not where cluster.json says */
  async credentials(cluster: Cluster): Promise<void> {
    this.whereCredentialsAre(cluster);
  }

  whereCredentialsAre(cluster: Cluster): string {
    const { context } = this.#traits(cluster);
    return `The credentials are in ${cluster.kubeconfig}, context ${context}; whoever made the cluster wrote them.`;
  }

  howToLook({ kubeconfig, context }: Cluster): string {
    return `${kubectlOf({ kubeconfig, context })} get nodes`;
  }

  async #environments(cluster: Cluster): Promise<string[]> {
    const items = await this.#with(cluster, async (client) => {
      const labelSelector = `${MANAGED_BY_LABEL}=berth`;
      return (await client.list({ apiVersion: 'v1', kind: 'Namespace', labelSelector })).items;
    });
    return items.map(({ metadata }) => metadata.name).sort();
  }

  /** @throws UserError when the file or the context is not there */
  #traits(cluster: Cluster) {
    const contexts = contextsOf(contextOf(cluster, this.options.workspace).kubeconfig);
    const found = contexts.find(({ context }) => context === cluster.context);
    if (found) return found;
    throw new UserError(
      `${cluster.root}/cluster.json at context: ${cluster.kubeconfig} has no context "${cluster.context}"; it has ${contexts.map(({ context }) => context).join(', ') || 'none'}.`,
      'Write one of them there.',
    );
  }

  async #with<Result>(cluster: Cluster, work: (client: KubeClient) => Promise<Result>): Promise<Result> {
    const { idleMs = 10_000 } = this.options;
    const client = KubeClient.from(contextOf(cluster, this.options.workspace), {
      idleMs,
      onRetry: () => undefined,
    });
    try {
      return await work(client);
    } finally {
      client.close();
    }
  }
}

function unreachable(
  error: UnreachableError,
  cluster: Cluster,
  recognised: Recognised | undefined,
): UserError {
  const { kubeconfig, context } = cluster;
  const start = recognised && products[recognised.product].start(recognised.name);
  return new UserError(
    `The cluster ${cluster.name} (${titleOf(recognised) ?? 'nobody knows whose'}) does not answer. ${error.message}`,
    [...(start ? [`To start it: ${start}`] : []), `${kubectlOf({ kubeconfig, context })} get nodes`].join(
      '\n',
    ),
    { cause: error },
  );
}

async function listNodes(client: KubeClient): Promise<LiveObject[]> {
  return (await client.list({ apiVersion: 'v1', kind: 'Node' })).items;
}

function statusOf(node: LiveObject): ClusterStatus['nodes'][number] {
  const { nodeInfo } = (node.status ?? {}) as { nodeInfo?: { kubeletVersion?: string } };
  return { name: node.metadata.name, ready: isReady(node), version: nodeInfo?.kubeletVersion ?? '' };
}
