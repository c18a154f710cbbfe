import { keyOf, referenceOf, type Observation } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import type { KubeClient, LiveObject } from '@berth/kube';
import { apiVersionOf, kindsOf, readInventory } from './inventory';
import { applySetId, memberSelector, partOfLabel } from './names';

type Kind = Pick<KubernetesObject, 'apiVersion' | 'kind'>;

/**
 * One LIST a kind: of what is desired, and of what the inventory says there may be. In a namespace that was just made and
 * has no inventory there is nothing that a deploy has made. Lists of it would only say so, and take long: after a write the
 * server has each of them wait until its cache knows of it, some 50 ms.
 * @param isNew whether the namespace was just made, by who asks
 */
export async function observe(
  client: KubeClient,
  environment: string,
  desired: readonly KubernetesObject[],
  isNew = false,
): Promise<Observation> {
  const kinds = new Map(
    desired.map(({ apiVersion, kind }) => [`${apiVersion}/${kind}`, { apiVersion, kind }]),
  );
  const reference = { apiVersion: 'v1', kind: 'Namespace', name: environment };
  const namespaceRead = client.get(reference);
  // One that is being deleted takes nothing in any more, and what is in it goes with it.
  const existence = namespaceRead.then((live) => live !== undefined && !live.metadata.deletionTimestamp);
  const inventoryRead = readInventory(client, environment);
  const isEmpty = isNew && (await Promise.all([inventoryRead, existence]))[0] === undefined;
  const list = (kind: Kind) => listKind(client, environment, kind, desired, { existence, isEmpty });
  const [namespace, exists, parent, ...lists] = await Promise.all([
    namespaceRead,
    existence,
    inventoryRead,
    ...[...kinds.values()].filter((kind) => !isNamespace(kind)).map(list),
  ]);
  const known = new Set(desired.map(({ apiVersion, kind }) => keyOf({ apiVersion, kind, name: '' })));
  const others = kindsOf(parent).filter(({ group, kind }) => !known.has(`${group}/${kind}//`));
  const ofOthers = await Promise.all(
    others.map(async ({ group, kind }) => {
      const apiVersion = await apiVersionOf(client, group);
      return apiVersion ? list({ apiVersion, kind }) : [];
    }),
  );
  const ofNamespace = namespace && [...kinds.values()].some(isNamespace) ? [namespace] : [];
  const live = [...ofNamespace, ...lists.flat(), ...ofOthers.flat()].filter(
    ({ metadata }) => !metadata.deletionTimestamp,
  );
  const id = applySetId(environment);
  const inventory = live.filter(
    ({ metadata }) => metadata.labels?.[partOfLabel] === id && !metadata.ownerReferences?.length,
  );
  return { exists, live, inventory: inventory.map(referenceOf) };
}

/** An environment has no namespace but its own. */
function isNamespace({ apiVersion, kind }: Kind): boolean {
  return apiVersion === 'v1' && kind === 'Namespace';
}

async function listKind(
  client: KubeClient,
  environment: string,
  { apiVersion, kind }: Kind,
  desired: readonly KubernetesObject[],
  namespace: { existence: Promise<boolean>; isEmpty: boolean },
): Promise<LiveObject[]> {
  const resource = await client.resource(apiVersion, kind);
  if (!resource) return [];
  if (resource.namespaced && namespace.isEmpty) return [];
  if (resource.namespaced) {
    // Asked for before it is known whether the namespace is there: most often it is.
    const [list, exists] = await Promise.allSettled([
      client.list({ apiVersion, kind, namespace: environment }),
      namespace.existence,
    ]);
    if (exists.status === 'rejected') throw exists.reason;
    if (!exists.value) return [];
    if (list.status === 'rejected') throw list.reason;
    return list.value.items;
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
