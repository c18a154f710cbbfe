import { groupOf } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import { UserError } from '@berth/model';
import { ApiError, type KubeClient, type LiveObject } from '@berth/kube';
import {
  applySetId,
  applySetIdLabel,
  deployedAtAnnotation,
  fieldManager,
  groupKindsAnnotation,
  inventoryName,
  managedByLabel,
  tooling,
  toolingAnnotation,
} from './names';

/** The kinds that an environment's inventory has, as ApplySet writes them: `Deployment.apps`, `Service`. */
export function groupKinds(objects: readonly Pick<KubernetesObject, 'apiVersion' | 'kind'>[]): string[] {
  const kinds = objects.map(({ apiVersion, kind }) =>
    groupOf(apiVersion) ? `${kind}.${groupOf(apiVersion)}` : kind,
  );
  return [...new Set(kinds)].sort();
}

/**
 * The parent object of an environment's ApplySet; undefined when there is none yet.
 * @throws UserError when it is another tool's: then nobody knows whose the objects are
 */
export async function readInventory(
  client: KubeClient,
  environment: string,
): Promise<LiveObject | undefined> {
  const parent = await client.get({
    apiVersion: 'v1',
    kind: 'Secret',
    name: inventoryName,
    namespace: environment,
  });
  if (!parent) return undefined;
  const { labels, annotations } = parent.metadata;
  const [id, tool] = [labels?.[applySetIdLabel], annotations?.[toolingAnnotation]];
  if (id === applySetId(environment) && tool?.startsWith('berth/')) return parent;
  throw new UserError(
    `The inventory of ${environment}, secret/${inventoryName}, is not Berth's any more: its ${toolingAnnotation} is ${tool ?? 'missing'}, its ${applySetIdLabel} ${id ?? 'missing'}.`,
    `When nobody else deploys this environment, delete the inventory, and a deploy makes it anew: ${client.kubectl} -n ${environment} delete secret ${inventoryName}`,
  );
}

/** The kinds that the parent names. */
export function kindsOf(parent: LiveObject | undefined): { group: string; kind: string }[] {
  const text = parent?.metadata.annotations?.[groupKindsAnnotation] ?? '';
  return text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const dot = part.indexOf('.');
      return dot < 0 ? { group: '', kind: part } : { group: part.slice(dot + 1), kind: part.slice(0, dot) };
    });
}

/** The parent object of an environment's ApplySet. */
export function inventoryObject(environment: string, kinds: readonly string[]): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: inventoryName,
      namespace: environment,
      labels: { [applySetIdLabel]: applySetId(environment), [managedByLabel]: 'berth' },
      annotations: {
        [toolingAnnotation]: tooling,
        [groupKindsAnnotation]: [...new Set(kinds)].sort().join(','),
      },
    },
    type: 'Opaque',
  };
}

/**
 * Names kinds beside those that the inventory has: before anything of them is there, or nobody would find it again.
 * @returns the note of the environment's first deploy, which may come while more is done
 */
export async function addToInventory(
  client: KubeClient,
  environment: string,
  kinds: readonly string[],
): Promise<{ noted: Promise<void> }> {
  const parent = await readInventory(client, environment);
  const before = kindsOf(parent).map(({ group, kind }) => (group ? `${kind}.${group}` : kind));
  await write(client, environment, parent, [...before, ...kinds]);
  return { noted: parent ? Promise.resolve() : noteDeploy(client, environment) };
}

/** Names these kinds and no others: after pruning, those that are left. */
export async function writeInventory(
  client: KubeClient,
  environment: string,
  kinds: readonly string[],
): Promise<void> {
  await write(client, environment, await readInventory(client, environment), kinds);
}

async function write(
  client: KubeClient,
  environment: string,
  parent: LiveObject | undefined,
  kinds: readonly string[],
): Promise<void> {
  const wanted = inventoryObject(environment, kinds);
  const named = (object: KubernetesObject | undefined) =>
    object?.metadata.annotations?.[groupKindsAnnotation];
  if (named(parent) !== named(wanted)) await client.apply(wanted, { fieldManager, force: true });
}

/** Notes that the environment was deployed just now, by the API server's clock. */
export async function noteDeploy(client: KubeClient, environment: string): Promise<void> {
  const parent = { apiVersion: 'v1', kind: 'Secret', name: inventoryName, namespace: environment };
  try {
    await client.patch(parent, {
      metadata: { annotations: { [deployedAtAnnotation]: client.now().toISOString() } },
    });
  } catch (error) {
    // A deploy that ended before it applied anything has made no inventory.
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
}

/** Of a group, the version that the server prefers; undefined when it has no such group. */
export async function apiVersionOf(client: KubeClient, group: string): Promise<string | undefined> {
  if (group === '') return 'v1';
  try {
    return await client.preferredVersion(group);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}
