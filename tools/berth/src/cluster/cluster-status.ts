import { announcedRegistry, isReady, recognise, titleOf, type Recognised } from '@berth/clusters';
import { contextsOf, ifAllowed, type KubeClient, type LiveObject } from '@berth/kube';
import { MANAGED_BY_LABEL, NAME_LABEL } from '@berth/manifests';
import type { Cluster } from '@berth/model';
import { outerAddress, type OuterAddress } from './outer-address';

/** What a cluster is and has, whoever made it. */
export interface ClusterReport {
  cluster: string;
  provider: Cluster['provider'];
  /** For example `kind (desk)`; absent when nobody recognises it. */
  recognised?: string;
  product?: Recognised['product'];
  /** Of Kubernetes. */
  version: string;
  /** Absent when these credentials may not see them. */
  nodes?: { name: string; ready: boolean; version: string; unschedulable: boolean }[];
  /** Namespaces of environments; absent when these credentials may not see them. */
  environments?: string[];
  /** A registry that the cluster announces. */
  registry?: string;
  gateway: OuterAddress;
}

interface Place {
  /** Absolute path. */
  kubeconfig: string;
  /** The gateway's environment. */
  namespace: string;
  service: string;
}

/**
 * Asks the API server for what a person wants to know of a cluster.
 * @throws UserError when it does not answer, or lets nobody in
 */
export async function readCluster(
  client: KubeClient,
  cluster: Cluster,
  { kubeconfig, namespace, service }: Place,
): Promise<ClusterReport> {
  const labelSelector = `${NAME_LABEL}=${service},${MANAGED_BY_LABEL}=berth`;
  const list = async (kind: string, query: object = {}) =>
    (await client.list({ apiVersion: 'v1', kind, ...query })).items;
  const [version, nodes, namespaces, services, pods, registry] = await Promise.all([
    client.version(),
    ifAllowed(list('Node')),
    ifAllowed(list('Namespace', { labelSelector: `${MANAGED_BY_LABEL}=berth` })),
    list('Service', { namespace, labelSelector }),
    cluster.exposure === 'host-ports' ? list('Pod', { namespace, labelSelector }) : [],
    ifAllowed(announcedRegistry(client)),
  ]);
  const traits = contextsOf(kubeconfig).find(({ context }) => context === cluster.context);
  const recognised = traits && recognise(traits, nodes);
  const title = titleOf(recognised);
  return {
    cluster: cluster.name,
    provider: cluster.provider,
    ...(recognised && title !== undefined && { recognised: title, product: recognised.product }),
    version,
    ...(nodes && { nodes: nodes.map(nodeOf) }),
    ...(namespaces && { environments: namespaces.map(({ metadata }) => metadata.name).sort() }),
    ...(registry && { registry: registry.host }),
    gateway: outerAddress(service, cluster, { services, nodes: nodes ?? [], pods }),
  };
}

function nodeOf(node: LiveObject): NonNullable<ClusterReport['nodes']>[number] {
  const { nodeInfo } = (node.status ?? {}) as { nodeInfo?: { kubeletVersion?: string } };
  const { unschedulable = false } = (node.spec ?? {}) as { unschedulable?: boolean };
  return {
    name: node.metadata.name,
    ready: isReady(node),
    version: nodeInfo?.kubeletVersion ?? '',
    unschedulable,
  };
}
