import { referenceOf, type ObjectReference } from '@berth/deploy';
import { UserError } from '@berth/model';
import type { KubeClient, LiveObject } from '@berth/kube';
import { acquireLease } from './lease';
import { managedByLabel } from './names';
import { observe } from './observe';
import { until } from './until';

const limitMs = 300_000;
/** Milliseconds for pods to end before their namespace is deleted. It ends those that take longer. */
const podsLimitMs = 60_000;
/** What keeps pods running. */
const workloadKinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Job', 'Pod'];

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

/** Deletes what the environment has outside its namespace, its workloads, then the namespace, and waits for its end. */
export async function destroy(
  client: KubeClient,
  environment: string,
  holder: string,
  onProgress?: (message: string) => void,
): Promise<void> {
  const namespace = await ownNamespace(client, environment);
  if (!namespace) return;
  const planned = await planDestroy(client, environment);
  const outside = planned.filter((object) => object.namespace === undefined && object.kind !== 'Namespace');
  if (!namespace.metadata.deletionTimestamp) {
    // Not while somebody deploys; the lease goes with the namespace.
    const lease = await acquireLease(client, environment, holder);
    try {
      await Promise.all(outside.map((object) => client.delete(object)));
      await endPods(client, environment, planned);
      await client.delete(referenceOf(namespace), { uid: namespace.metadata.uid });
    } finally {
      await lease.release();
    }
  }
  let told = '';
  const gone = await until(async () => {
    const live = await client.get(referenceOf(namespace));
    const left = live ? remaining(live) : '';
    if (left && left !== told) onProgress?.(left);
    told = left || told;
    return live?.metadata.uid !== namespace.metadata.uid;
  }, limitMs);
  if (gone) return;
  throw new UserError(
    `The namespace ${environment} is still being deleted after ${limitMs / 1000} s: ${told || 'its objects have finalizers'}`,
    `${client.kubectl} get namespace ${environment} -o yaml`,
  );
}

/**
 * A namespace that is deleted with pods in it has them deleted first, and is looked at again only after half of the
 * time that they may take: without them it is gone at once.
 */
async function endPods(
  client: KubeClient,
  environment: string,
  planned: readonly ObjectReference[],
): Promise<void> {
  const workloads = planned.filter(
    ({ kind, namespace }) => namespace === environment && workloadKinds.includes(kind),
  );
  await Promise.all(workloads.map((object) => client.delete(object)));
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

function remaining(namespace: LiveObject): string {
  const { conditions = [] } = (namespace.status ?? {}) as {
    conditions?: { type: string; status: string; message?: string }[];
  };
  return conditions
    .filter(({ type, status }) => status === 'True' && /Remaining|Failure/.test(type))
    .map(({ message = '' }) => message)
    .join('; ');
}
