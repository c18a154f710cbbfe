import { referenceOf, type DestroyOptions, type ObjectReference } from '@berth/deploy';
import { UserError } from '@berth/model';
import type { KubeClient, LiveObject } from '@berth/kube';
import { apiVersionOf, kindsOf, readInventory } from './inventory';
import { acquireLease } from './lease';
import { managedByLabel, memberSelector } from './names';
import { observe } from './observe';
import { howToSeeWhatRemains, remainingIn } from './remaining';
import { until } from './until';

const limitMs = 300_000;
/** Milliseconds for pods to end before their namespace is deleted. It ends those that take longer. */
const podsLimitMs = 60_000;
/** What keeps pods running. */
const workloadKinds = [
  ...['Deployment', 'StatefulSet', 'DaemonSet'].map((kind) => ({ apiVersion: 'apps/v1', kind })),
  ...['CronJob', 'Job'].map((kind) => ({ apiVersion: 'batch/v1', kind })),
  { apiVersion: 'v1', kind: 'Pod' },
];

/**
 * Everything that would go with an environment: its inventory, its volumes, its secrets, and last its namespace.
 * Empty when it is not there.
 * @throws UserError when Berth did not make the namespace.
 */
export async function planDestroy(client: KubeClient, environment: string): Promise<ObjectReference[]> {
  const namespace = await ownNamespace(client, environment);
  if (!namespace) return [];
  const [{ inventory }, claims, secrets] = await Promise.all([
    observe(client, environment, []),
    client.list({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: environment }),
    client.list({ apiVersion: 'v1', kind: 'Secret', namespace: environment }),
  ]);
  return [
    ...inventory,
    ...claims.items.map(referenceOf),
    ...secrets.items.map(referenceOf),
    referenceOf(namespace),
  ];
}

/**
 * Deletes what the environment has outside its namespace, its workloads, then the namespace, and waits for its end. It
 * reads no more than that takes: the janitor may read no Secret but the inventory.
 * @returns false when it stays, since `onlyIf` said so
 */
export async function destroy(
  client: KubeClient,
  environment: string,
  holder: string,
  { onProgress, onlyIf = async () => true }: DestroyOptions = {},
): Promise<boolean> {
  const namespace = await ownNamespace(client, environment);
  if (!namespace) return true;
  if (!namespace.metadata.deletionTimestamp) {
    // Not while somebody deploys; the lease goes with the namespace.
    const lease = await acquireLease(client, environment, holder);
    try {
      if (!(await onlyIf())) return false;
      await Promise.all((await outsideOf(client, environment)).map((object) => client.delete(object)));
      await endPods(client, environment);
      await client.delete(referenceOf(namespace), { uid: namespace.metadata.uid });
    } finally {
      await lease.release();
    }
  }
  let told = '';
  const gone = await until(async () => {
    const live = await client.get(referenceOf(namespace));
    const left = live ? remainingIn(live) : '';
    if (left && left !== told) onProgress?.(left);
    told = left || told;
    return live?.metadata.uid !== namespace.metadata.uid;
  }, limitMs);
  if (gone) return true;
  throw new UserError(
    `The namespace ${environment} is still being deleted after ${limitMs / 1000} s: ${told || 'its objects have finalizers'}`,
    howToSeeWhatRemains(client, environment),
  );
}

/** What the inventory has outside the namespace. */
async function outsideOf(client: KubeClient, environment: string): Promise<ObjectReference[]> {
  const kinds = kindsOf(await readInventory(client, environment));
  const lists = await Promise.all(
    kinds.map(async ({ group, kind }) => {
      const apiVersion = await apiVersionOf(client, group);
      const resource = apiVersion && (await client.resource(apiVersion, kind));
      if (!resource || resource.namespaced) return [];
      return (await client.list({ apiVersion, kind, labelSelector: memberSelector(environment) })).items;
    }),
  );
  return lists.flat().map(referenceOf);
}

/**
 * A namespace that is deleted with pods in it has them deleted first, and is looked at again only after half of the
 * time that they may take: without them it is gone at once.
 */
async function endPods(client: KubeClient, environment: string): Promise<void> {
  const labelSelector = memberSelector(environment);
  await Promise.all(
    workloadKinds.map(async (kind) => {
      const { items } = await client.list({ ...kind, namespace: environment, labelSelector });
      await Promise.all(items.map((object) => client.delete(referenceOf(object))));
    }),
  );
  const pods = {
    apiVersion: 'v1',
    kind: 'Pod',
    namespace: environment,
    labelSelector: `${managedByLabel}=berth`,
  };
  await until(async () => (await client.list(pods)).items.length === 0, podsLimitMs);
}

async function ownNamespace(client: KubeClient, environment: string): Promise<LiveObject | undefined> {
  const namespace = await client.get({ apiVersion: 'v1', kind: 'Namespace', name: environment });
  if (namespace && namespace.metadata.labels?.[managedByLabel] !== 'berth') {
    throw new UserError(
      `The namespace ${environment} was not made by Berth: it has no label ${managedByLabel}=berth.`,
      `Remove it yourself, when it may go: ${client.kubectl} delete namespace ${environment}`,
    );
  }
  return namespace;
}
