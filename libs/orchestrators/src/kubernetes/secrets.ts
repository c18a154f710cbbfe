import { referenceOf, type Change, type SecretEdit, type SecretEntry } from '@berth/deploy';
import { SECRETS_NAME, type KubernetesObject } from '@berth/manifests';
import { UserError } from '@berth/model';
import { ApiError, type KubeClient, type LiveObject } from '@berth/kube';
import { refuseAbsent, refuseUnasked } from '../secret-names';
import { adjust, adjustment } from './adjust';
import { managedByLabel, secretManager, secretsSetAtAnnotation } from './names';
import { managedAt, nextTime, notesAnnotation, notesOf } from './secret-notes';
import { namedKeys, secretUseOf, usersOf, usesSecret } from './secret-uses';
import { listWorkloads } from './workloads';

/** Linux' limit for one variable, `NAME=value` with the byte that ends it (MAX_ARG_STRLEN). */
const variableBytes = 131_072;

const secretReference = (namespace: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  name: SECRETS_NAME,
  namespace,
});

/** All that are set or asked for, sorted by name. */
export async function secrets(
  client: KubeClient,
  environment: string,
  desired: readonly KubernetesObject[],
): Promise<SecretEntry[]> {
  const { secret, workloads } = await read(client, environment);
  const uses = [...desired, ...workloads].map(secretUseOf);
  const data = dataOf(secret);
  const notes = notesOf(secret);
  const names = [...new Set([...Object.keys(data), ...namedKeys(uses)])].sort();
  return names.map((name): SecretEntry => {
    const isSet = name in data;
    const at = notes[name]?.at ?? (secret && isSet ? managedAt(secret, name) : undefined);
    const by = notes[name]?.by;
    return {
      name,
      isSet,
      ...(isSet && at ? { setAt: at } : {}),
      ...(isSet && by ? { setBy: by } : {}),
      usedBy: usersOf(name, uses),
    };
  });
}

/**
 * What it takes to set and remove these, and to start those pods anew that run with an earlier value. No value is part
 * of the plan.
 * @throws UserError for a name that nobody asks for, and a value that no pod could have
 */
export async function planSecrets(
  client: KubeClient,
  environment: string,
  desired: readonly KubernetesObject[],
  { values, author, restart }: SecretEdit,
): Promise<Change[]> {
  const { secret, workloads, namespace } = await read(client, environment);
  const data = dataOf(secret);
  const uses = [...desired, ...workloads].map(secretUseOf);
  for (const [name, value] of values) {
    if (value === undefined) refuseAbsent(environment, name, Object.keys(data));
    else {
      if (!uses.some((use) => usesSecret(use, name))) refuseUnasked(environment, name, namedKeys(uses));
      if (uses.some(({ variables }) => variables.has(name))) refuseUnfit(name, value);
    }
  }
  const changed = [...values].filter(([name, value]) => data[name] !== value?.toString('base64'));
  const set = changed.filter(([, value]) => value !== undefined).map(([name]) => name);
  const removed = changed.filter(([, value]) => value === undefined).map(([name]) => name);
  const at = nextTime(client.now(), notesOf(secret));
  const annotations = notesAnnotation(notesOf(secret), { set, removed, note: { at, by: author } });
  const plan: Change[] = [
    ...(namespace ? [] : [namespaceChange(environment)]),
    secretChange(environment, secret, { set, removed, annotations }),
  ];
  if (!restart) return plan;
  const times = Object.fromEntries(
    [...values].flatMap(([name, value]) => {
      const time = set.includes(name) ? at : notesOf(secret)[name]?.at;
      return value !== undefined && time !== undefined ? [[name, time]] : [];
    }),
  );
  const rolls = await Promise.all(
    workloads.map(async (live) => {
      const used = Object.keys(times).filter((name) => usesSecret(secretUseOf(live), name));
      const newest = used
        .map((name) => times[name] as string)
        .sort()
        .at(-1);
      const certain = used.some((name) => set.includes(name));
      if (newest === undefined || !(certain ? true : await runsEarlier(client, live, newest))) return [];
      const annotation = { [secretsSetAtAnnotation]: newest };
      const spec = { template: { metadata: { annotations: annotation } } };
      const reason = `its pods start anew with ${used.join(', ')}`;
      return [{ ...adjustment(live, spec, secretManager), reason }];
    }),
  );
  return [...plan, ...rolls.flat()];
}

/** Does what was planned: the values first, then the pods. */
export async function applySecrets(
  client: KubeClient,
  environment: string,
  { values }: SecretEdit,
  changes: readonly Change[],
): Promise<void> {
  const change = changes.find(({ object }) => object.kind === 'Secret' && object.name === SECRETS_NAME);
  if (change?.desired && change.action !== 'same') {
    const data = Object.fromEntries(
      [...values].map(([name, value]) => [name, value?.toString('base64') ?? null]),
    );
    await write(client, environment, change, data);
  }
  await adjust(
    client,
    changes.filter((each) => each !== change && each.live !== undefined),
  );
}

/**
 * Adds the keys that the environment's Secret does not have yet. A key that is there is never overwritten.
 * @param generate makes the value of one key
 * @returns the keys that were added
 */
export async function ensureSecrets(
  client: KubeClient,
  environment: string,
  keys: readonly string[],
  { generate, author }: { generate: (key: string) => string; author: string },
): Promise<string[]> {
  const { secret } = await read(client, environment);
  const missing = keys.filter((key) => !(key in dataOf(secret)));
  if (missing.length === 0) return [];
  const note = { at: nextTime(client.now(), notesOf(secret)), by: author };
  const annotations = notesAnnotation(notesOf(secret), { set: missing, removed: [], note });
  const change = secretChange(environment, secret, { set: missing, removed: [], annotations });
  const data = Object.fromEntries(missing.map((key) => [key, Buffer.from(generate(key)).toString('base64')]));
  await write(client, environment, change, data);
  return missing;
}

async function read(client: KubeClient, environment: string) {
  const [namespace, secret, workloads] = await Promise.all([
    client.get({ apiVersion: 'v1', kind: 'Namespace', name: environment }),
    client.get(secretReference(environment)),
    listWorkloads(client, environment),
  ]);
  return { namespace, secret, workloads };
}

function dataOf(secret: LiveObject | undefined): Record<string, string> {
  return (secret?.['data'] as Record<string, string> | undefined) ?? {};
}

/** It is made before the lease is taken. */
function namespaceChange(environment: string): Change {
  const object = { apiVersion: 'v1', kind: 'Namespace', name: environment };
  return { action: 'create', object, fields: [] };
}

/** Names what is set and removed. `desired` has no data, and `live` is left out, so that no value is in a plan. */
function secretChange(
  environment: string,
  secret: LiveObject | undefined,
  {
    set,
    removed,
    annotations,
  }: { set: readonly string[]; removed: readonly string[]; annotations: Record<string, string> },
): Change {
  const { apiVersion, kind, name, namespace } = secretReference(environment);
  const what = [
    ...(set.length > 0 ? [`sets ${set.join(', ')}`] : []),
    ...(removed.length > 0 ? [`removes ${removed.join(', ')}`] : []),
  ];
  const metadata = {
    name,
    namespace,
    annotations,
    ...(secret
      ? { resourceVersion: secret.metadata.resourceVersion }
      : { labels: { [managedByLabel]: 'berth' } }),
  };
  return {
    action: what.length === 0 ? 'same' : secret ? 'change' : 'create',
    object: referenceOf({ apiVersion, kind, metadata: { name, namespace } }),
    fields: [],
    reason: what.join(', '),
    desired: { apiVersion, kind, metadata },
  };
}

/** @param data by key in base64; null takes a key away */
async function write(
  client: KubeClient,
  environment: string,
  { action, desired }: Change,
  data: Record<string, string | null>,
): Promise<void> {
  const { metadata } = desired as KubernetesObject;
  const reference = secretReference(environment);
  try {
    // With the version that was read: what somebody else sets meanwhile makes this fail, rather than being overwritten.
    if (action === 'change')
      await client.patch(reference, { metadata, data }, { fieldManager: secretManager });
    else
      await client.create(
        { ...(desired as KubernetesObject), type: 'Opaque', data },
        { fieldManager: secretManager },
      );
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 409)) throw error;
    throw new UserError(
      `The secrets of ${environment} were changed by somebody else at this moment; nothing was set.`,
      'Run the same command again.',
      { cause: error },
    );
  }
}

/** Whether a pod was made before that time, and no roll to it has come since. */
async function runsEarlier(client: KubeClient, live: LiveObject, time: string): Promise<boolean> {
  const { template, selector } = live.spec as {
    template: { metadata?: { annotations?: Record<string, string> } };
    selector: { matchLabels?: Record<string, string> };
  };
  if ((template.metadata?.annotations?.[secretsSetAtAnnotation] ?? '') >= time) return false;
  const labelSelector = Object.entries(selector.matchLabels ?? {})
    .map(([label, value]) => `${label}=${value}`)
    .join(',');
  const namespace = live.metadata.namespace ?? '';
  const pods = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector });
  // Pods know seconds only: one of the same second counts as earlier.
  return pods.items.some(
    ({ metadata }) =>
      !metadata.deletionTimestamp && Date.parse(metadata.creationTimestamp) <= Date.parse(time),
  );
}

/** @throws UserError for what cannot be a variable: pods would not start. The value is not shown. */
function refuseUnfit(name: string, value: Buffer): void {
  const problem = value.includes(0)
    ? 'it has a zero byte in it'
    : !isText(value)
      ? 'it is no UTF-8 text'
      : value.length + name.length + 2 > variableBytes
        ? `it has ${value.length} bytes, and Linux takes ${variableBytes} for a variable and its name`
        : undefined;
  if (problem === undefined) return;
  throw new UserError(
    `The value for ${name} cannot be a variable of a container: ${problem}. Nothing was changed.`,
    `Encode it, and let the service decode it: base64 --wrap=0 < file | nx secret … --name=${name}`,
  );
}

function isText(value: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(value);
    return true;
  } catch {
    return false;
  }
}
