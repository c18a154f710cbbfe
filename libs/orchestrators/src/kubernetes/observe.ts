import { keyOf, referenceOf, type Observation } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import type { KubeClient, LiveObject } from '@berth/kube';
import { apiVersionOf, kindsOf, readInventory } from './inventory';
import { applySetId, memberSelector, partOfLabel } from './names';

/** One LIST a kind: of what is desired, and of what the inventory says there may be. */
export async function observe(
  client: KubeClient,
  environment: string,
  desired: readonly KubernetesObject[],
): Promise<Observation> {
  const [namespace, parent] = await Promise.all([
    client.get({ apiVersion: 'v1', kind: 'Namespace', name: environment }),
    readInventory(client, environment),
  ]);
  // One that is being deleted takes nothing in any more, and what is in it goes with it.
  const exists = namespace !== undefined && namespace.metadata.deletionTimestamp === undefined;
  const kinds = new Map(
    desired.map(({ apiVersion, kind }) => [`${apiVersion}/${kind}`, { apiVersion, kind }]),
  );
  const known = new Set(desired.map(({ apiVersion, kind }) => keyOf({ apiVersion, kind, name: '' })));
  await Promise.all(
    kindsOf(parent).map(async ({ group, kind }) => {
      if (known.has(`${group}/${kind}//`)) return;
      const apiVersion = await apiVersionOf(client, group);
      if (apiVersion) kinds.set(`${apiVersion}/${kind}`, { apiVersion, kind });
    }),
  );
  const lists = await Promise.all(
    [...kinds.values()].map((kind) => listKind(client, environment, kind, desired, exists)),
  );
  const live = lists.flat().filter(({ metadata }) => !metadata.deletionTimestamp);
  const id = applySetId(environment);
  const inventory = live.filter(
    ({ metadata }) => metadata.labels?.[partOfLabel] === id && !metadata.ownerReferences?.length,
  );
  return { exists, live, inventory: inventory.map(referenceOf) };
}

async function listKind(
  client: KubeClient,
  environment: string,
  { apiVersion, kind }: { apiVersion: string; kind: string },
  desired: readonly KubernetesObject[],
  namespaceExists: boolean,
): Promise<LiveObject[]> {
  const resource = await client.resource(apiVersion, kind);
  if (!resource) return [];
  if (resource.namespaced) {
    return namespaceExists ? (await client.list({ apiVersion, kind, namespace: environment })).items : [];
  }
  // What is not inside the namespace may belong to anybody: ours by label, and those that are asked for by name.
  const wanted = desired.filter((object) => object.apiVersion === apiVersion && object.kind === kind);
  const [ours, named] = await Promise.all([
    client.list({ apiVersion, kind, labelSelector: memberSelector(environment) }),
    Promise.all(wanted.map((object) => client.get({ apiVersion, kind, name: object.metadata.name }))),
  ]);
  const byName = new Map(
    [...ours.items, ...named.filter((object) => object !== undefined)].map((object) => [
      object.metadata.name,
      object,
    ]),
  );
  return [...byName.values()];
}
