import { ifAllowed, type KubeClient, type ListQuery, type LiveObject } from '@berth/kube';

/** The objects that match; none for who may not list them. */
export async function listIfAllowed(client: KubeClient, query: ListQuery): Promise<LiveObject[]> {
  return (await ifAllowed(client.list(query)))?.items ?? [];
}
