import type { ClusterStatus } from '../../provider';
import type { Machine } from '../machine';
import { getFromApi } from './api';

interface NodeList {
  items: {
    metadata: { name: string };
    status: { nodeInfo: { kubeletVersion: string }; conditions?: { type: string; status: string }[] };
  }[];
}

interface Workload {
  metadata: { annotations?: Record<string, string>; generation?: number };
  spec: { replicas?: number };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    availableReplicas?: number;
    updatedReplicas?: number;
  };
}

/** Nodes as the API server lists them; undefined when it does not answer. */
export async function readNodes(machine: Machine): Promise<ClusterStatus['nodes'] | undefined> {
  const list = await getFromApi<NodeList>(machine, '/api/v1/nodes');
  return list?.items.map(({ metadata, status }) => ({
    name: metadata.name,
    ready:
      status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false,
    version: status.nodeInfo.kubeletVersion,
  }));
}

/** The annotation that says which definition a Deployment of the cluster's own was made from. */
export const CONTENT_ANNOTATION = 'berth.dev/content';

/**
 * Whether a Deployment is there and all of its pods are available.
 * @param content what its annotation must say, when given
 */
export async function isAvailable(
  machine: Machine,
  namespace: string,
  name: string,
  content?: string,
): Promise<boolean> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
  const found = await getFromApi<Workload>(machine, path);
  if (!found) return false;
  if (content !== undefined && found.metadata.annotations?.[CONTENT_ANNOTATION] !== content) return false;
  const { metadata, spec, status } = found;
  return (
    (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0) &&
    (status?.availableReplicas ?? 0) >= (spec.replicas ?? 1) &&
    (status?.updatedReplicas ?? 0) >= (spec.replicas ?? 1) &&
    // Pods of the definition before it still count as available.
    status?.replicas === status?.updatedReplicas
  );
}
