import { gunzipSync, gzipSync } from 'node:zlib';
import type { DeployRecord, NewRecord } from '@berth/deploy';
import { parameterPath, type ManifestObject } from '@berth/manifests';
import { UserError } from '@berth/model';
import { outdatedRecords, readRecord, RECORD_FORMAT } from '../stored-record';
import type { Aws } from './aws';
import {
  createParameter,
  deleteParameters,
  PARAMETER_LENGTH,
  parametersBelow,
  writeParameter,
  type StoredParameter,
} from './parameters';

/** An advanced parameter holds so much; what of a record is longer is cut from why it failed. */
const longest = 2 * PARAMETER_LENGTH;

interface Head extends Omit<NewRecord, 'objects'> {
  format: number;
  /** Parameters that the set is in. */
  parts: number;
}

const recordsPath = (environment: string) => parameterPath(environment, 'records');
const setPath = (environment: string, set: string) => parameterPath(environment, 'sets', set);

/**
 * Writes the record under the next number and forgets those beyond the newest ten, but for the last good one. The set goes
 * first, in parts under its own digest: records of the same set share it.
 */
export async function writeRecord(
  aws: Aws,
  environment: string,
  { objects, ...record }: NewRecord,
  signal?: AbortSignal,
): Promise<number> {
  const existing = await records(aws, environment);
  const text = pack(objects);
  const parts = Array.from({ length: Math.ceil(text.length / PARAMETER_LENGTH) }, (_, index) =>
    text.slice(index * PARAMETER_LENGTH, (index + 1) * PARAMETER_LENGTH),
  );
  for (const [index, part] of parts.entries()) {
    signal?.throwIfAborted();
    await writeParameter(aws, `${setPath(environment, record.set)}/${index + 1}`, part);
  }
  const head = packHead({ format: RECORD_FORMAT, parts: parts.length, ...record });
  let number = Math.max(0, ...existing.map((each) => each.number)) + 1;
  signal?.throwIfAborted();
  while (!(await createParameter(aws, `${recordsPath(environment)}/${number}`, head))) number++;
  await forget(aws, environment, [{ ...record, number }, ...existing]).catch(() => undefined);
  return number;
}

/** What stays goes with the next record. */
async function forget(
  aws: Aws,
  environment: string,
  all: readonly Pick<DeployRecord, 'number' | 'outcome' | 'set'>[],
): Promise<void> {
  const old = outdatedRecords(all);
  if (old.size === 0) return;
  const used = new Set(all.filter(({ number }) => !old.has(number)).map(({ set }) => set));
  const sets = await parametersBelow(aws, parameterPath(environment, 'sets'));
  const unused = sets.filter(({ name }) => !used.has(name.split('/').at(-2) ?? ''));
  await deleteParameters(aws, [
    ...[...old].map((number) => `${recordsPath(environment)}/${number}`),
    ...unused.map(({ name }) => name),
  ]);
}

/** Newest first. */
export async function records(aws: Aws, environment: string): Promise<DeployRecord[]> {
  const found = await parametersBelow(aws, recordsPath(environment));
  return found.map(parse).sort((one, other) => other.number - one.number);
}

/** What a record's deploy asked for; undefined when there is no such record. @throws UserError when parts of it are missing */
export async function recordedObjects(
  aws: Aws,
  environment: string,
  number: number,
): Promise<ManifestObject[] | undefined> {
  const found = (await parametersBelow(aws, recordsPath(environment))).find(
    ({ name }) => name.split('/').at(-1) === String(number),
  );
  if (!found) return undefined;
  const { set, parts } = unpack<Head>(found.value);
  const stored = await parametersBelow(aws, setPath(environment, set));
  const indexOf = ({ name }: StoredParameter) => Number(name.split('/').at(-1));
  const ordered = stored.sort((one, other) => indexOf(one) - indexOf(other)).slice(0, parts);
  if (ordered.length < parts)
    throw new UserError(
      `Record ${number} of ${environment} has lost ${parts - ordered.length} of ${parts} parts of its set, below ${setPath(environment, set)}.`,
      `nx run ${environment}:history shows the others.`,
    );
  return unpack<ManifestObject[]>(ordered.map(({ value }) => value).join(''));
}

function parse({ name, value, at }: StoredParameter): DeployRecord {
  return readRecord(Number(name.split('/').at(-1)), at.toISOString(), () => {
    const { parts: _, ...record } = unpack<Head>(value);
    return record;
  });
}

function packHead(head: Head): string {
  const text = pack(head);
  const { failure = '' } = head;
  if (text.length <= longest || failure.length < 100) return text;
  return packHead({ ...head, failure: `${failure.slice(0, failure.length / 2)}…` });
}

function pack(value: unknown): string {
  return gzipSync(JSON.stringify(value)).toString('base64');
}

function unpack<Value>(text: string): Value {
  return JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString('utf8')) as Value;
}
