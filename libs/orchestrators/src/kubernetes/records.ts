import { gunzipSync, gzipSync } from 'node:zlib';
import type { DeployRecord, NewRecord } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import { ApiError, referenceOf, type KubeClient, type LiveObject } from '@berth/kube';
import { notesOf } from '../deploy-notes';
import { outdatedRecords, readRecord, RECORD_FORMAT, type StoredRecord } from '../stored-record';
import { noteDeploy, readInventory } from './inventory';
import { noteDeploys } from './last-deploy';
import { deployedAtAnnotation, fieldManager, managedByLabel, recordLabel, recordType } from './names';

const prefix = 'berth-record-';

/**
 * Writes the record under the next number and forgets those beyond the newest ten: but for the last good one, which is
 * what a deploy that fails goes back to.
 */
export async function writeRecord(
  client: KubeClient,
  environment: string,
  { objects, ...record }: NewRecord,
): Promise<number> {
  const existing = await list(client, environment);
  const data = {
    record: Buffer.from(JSON.stringify({ format: RECORD_FORMAT, ...record })).toString('base64'),
    objects: gzipSync(JSON.stringify(objects)).toString('base64'),
  };
  let number = Math.max(0, ...existing.map(numberOf)) + 1;
  while (!(await writeAs(client, environment, number, data))) number++;
  const outdated = outdatedRecords([...existing.map(parse), { ...record, number }]);
  const isOld = (secret: LiveObject) => outdated.has(numberOf(secret));
  const earlier = existing.filter((secret) => !isOld(secret));
  await Promise.all([
    noteDeploy(client, environment),
    noteDeploys(client, environment, { ...record, number }, notesOf(earlier.map(timed))),
  ]);
  // Those that stay go with the next record.
  await Promise.allSettled(
    existing.filter(isOld).map((secret) => client.delete(referenceOf(secret), { uid: secret.metadata.uid })),
  );
  return number;
}

function timed(secret: LiveObject): DeployRecord & { at: string } {
  return { ...parse(secret), at: secret.metadata.creationTimestamp };
}

/** Writes a record under this number. @returns false when the number is another's */
async function writeAs(
  client: KubeClient,
  environment: string,
  number: number,
  data: { record: string; objects: string },
): Promise<boolean> {
  const labels = { [recordLabel]: 'true', [managedByLabel]: 'berth' };
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    type: recordType,
    metadata: { name: `${prefix}${number}`, namespace: environment, labels },
    data,
  };
  try {
    await client.create(secret, { fieldManager, repeatable: true });
    return true;
  } catch (error) {
    if (!(error instanceof ApiError && error.reason === 'AlreadyExists')) throw error;
    // It may be this very one, by a try whose answer was lost.
    const live = await client.get(referenceOf(secret));
    return (live?.data as typeof data | undefined)?.record === data.record;
  }
}

/** Newest first. */
export async function records(client: KubeClient, environment: string): Promise<DeployRecord[]> {
  return recordsIn(await list(client, environment));
}

/** The records that these Secrets are, newest first. */
export function recordsIn(secrets: readonly LiveObject[]): DeployRecord[] {
  return secrets.map(parse).sort((one, other) => other.number - one.number);
}

/** When the environment was deployed last, by the API server's clock (RFC 3339); undefined when it never was. */
export async function lastDeployedAt(client: KubeClient, environment: string): Promise<string | undefined> {
  const parent = await readInventory(client, environment);
  const noted = parent?.metadata.annotations?.[deployedAtAnnotation];
  if (!parent || noted !== undefined) return noted;
  // An older Berth has written records only.
  const secrets = await list(client, environment);
  return secrets
    .map(({ metadata }) => metadata.creationTimestamp)
    .sort()
    .at(-1);
}

/** What a record's deploy asked for; undefined when there is no such record. */
export async function recordedObjects(
  client: KubeClient,
  environment: string,
  number: number,
): Promise<KubernetesObject[] | undefined> {
  const secret = await client.get({
    apiVersion: 'v1',
    kind: 'Secret',
    name: `${prefix}${number}`,
    namespace: environment,
  });
  if (!secret) return undefined;
  const data = (secret.data as { objects: string }).objects;
  return JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString('utf8')) as KubernetesObject[];
}

async function list(client: KubeClient, environment: string): Promise<LiveObject[]> {
  return (
    await client.list({
      apiVersion: 'v1',
      kind: 'Secret',
      namespace: environment,
      labelSelector: `${recordLabel}=true`,
    })
  ).items;
}

function parse(secret: LiveObject): DeployRecord {
  return readRecord(numberOf(secret), secret.metadata.creationTimestamp, () => {
    const { record } = secret.data as { record: string };
    return JSON.parse(Buffer.from(record, 'base64').toString('utf8')) as StoredRecord;
  });
}

function numberOf({ metadata: { name } }: LiveObject): number {
  return Number(name.slice(prefix.length));
}
