import { ApiError, type KubeClient, type ListQuery, type LiveObject } from '@berth/kube';

/** The objects that match; none for who may not list them. */
export async function listIfAllowed(client: KubeClient, query: ListQuery): Promise<LiveObject[]> {
  try {
    return (await client.list(query)).items;
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return [];
    throw error;
  }
}
