import { gunzipSync, gzipSync } from 'node:zlib';
import type { DeployRecord, NewRecord } from '@berth/deploy';
import type { ManifestObject } from '@berth/manifests';
import { deployNotes, notesOf } from '../deploy-notes';
import { outdatedRecords, readRecord, RECORD_FORMAT, type StoredRecord } from '../stored-record';
import type { DockerClient } from './docker/client';
import { DockerError } from './docker/errors';
import type { DockerConfig } from './docker/objects';
import { createConfig, isLate, noteOnMark } from './mark';
import { deployedAtLabel, kinds, labelsOf, ofEnvironmentQuery, recordName } from './names';

/** Bytes of one config: Docker 20.10 takes 500 kilobytes (swarmkit, controlapi/config.go), newer ones 1000. */
const mostBytes = 450_000;
const numberLabel = 'berth.dev/record';
const partLabel = 'berth.dev/part';

/** The first config of a record, and the others, which hold what does not fit into it. */
interface Stored {
  number: number;
  createdAt: string;
  configs: DockerConfig[];
}

/**
 * Writes the record under the next number and forgets those beyond the newest ten: but for the last good one, which is
 * what a deploy that fails goes back to.
 */
export async function writeRecord(
  client: DockerClient,
  environment: string,
  record: NewRecord,
): Promise<number> {
  const existing = await stored(client, environment);
  const content = gzipSync(JSON.stringify({ format: RECORD_FORMAT, ...record }));
  let number = Math.max(0, ...existing.map((each) => each.number)) + 1;
  while (!(await writeAs(client, environment, number, content))) number++;
  const outdated = outdatedRecords([...existing.map(parse), { ...record, number }]);
  const old = existing.filter((each) => outdated.has(each.number));
  const earlier = existing.filter((each) => !outdated.has(each.number));
  const at = client.now().toISOString();
  // Who shows it need read no record, which has all variables of its services in it.
  await noteOnMark(client, environment, {
    [deployedAtLabel]: at,
    ...deployNotes(
      { ...record, number, at },
      notesOf(earlier.map((each) => ({ ...parse(each), at: each.createdAt }))),
    ),
  });
  // Those that stay go with the next record.
  await Promise.allSettled(
    old.flatMap(({ configs }) => configs).map(({ ID }) => client.delete(`/configs/${ID}`)),
  );
  return number;
}

/** Its first part last: a record that is not whole is none. @returns false when the number is another's */
async function writeAs(
  client: DockerClient,
  environment: string,
  number: number,
  content: Buffer,
): Promise<boolean> {
  const parts = Math.max(1, Math.ceil(content.length / mostBytes));
  const labels = { ...labelsOf(environment, kinds.record), [numberLabel]: String(number) };
  const name = recordName(environment, number);
  for (let part = parts - 1; part >= 0; part--) {
    const bytes = content.subarray(part * mostBytes, (part + 1) * mostBytes);
    const own = part === 0 ? name : `${name}.${part}`;
    try {
      await createConfig(client, own, { ...labels, [partLabel]: `${part} of ${parts}` }, bytes);
    } catch (error) {
      if (!(error instanceof DockerError && isLate(error))) throw error;
      const there = await client.find<DockerConfig>(`/configs/${own}`);
      // It may be this very one, by a try whose answer was lost.
      if (there?.Spec.Data !== bytes.toString('base64')) return false;
    }
  }
  return true;
}

/** Newest first. */
export async function records(client: DockerClient, environment: string): Promise<DeployRecord[]> {
  return (await stored(client, environment)).map(parse);
}

/** What a record's deploy asked for; undefined when there is no such record. */
export async function recordedObjects(
  client: DockerClient,
  environment: string,
  number: number,
): Promise<ManifestObject[] | undefined> {
  const found = (await stored(client, environment)).find((each) => each.number === number);
  return found && (contentOf(found)['objects'] as ManifestObject[]);
}

async function stored(client: DockerClient, environment: string): Promise<Stored[]> {
  const configs = await client.get<DockerConfig[]>('/configs', {
    query: ofEnvironmentQuery(environment, kinds.record),
  });
  const found = new Map<number, DockerConfig[]>();
  for (const config of configs) {
    const number = Number(config.Spec.Labels?.[numberLabel]);
    found.set(number, [...(found.get(number) ?? []), config]);
  }
  return [...found]
    .map(([number, parts]) => ({ number, configs: parts.sort((one, other) => partOf(one) - partOf(other)) }))
    .filter(({ configs: [first] }) => first && partOf(first) === 0)
    .map((each) => ({ ...each, createdAt: each.configs[0]?.CreatedAt ?? '' }))
    .sort((one, other) => other.number - one.number);
}

function partOf({ Spec }: DockerConfig): number {
  return Number.parseInt(Spec.Labels?.[partLabel] ?? '', 10);
}

function contentOf({ configs }: Stored): Record<string, unknown> {
  const bytes = Buffer.concat(configs.map(({ Spec }) => Buffer.from(Spec.Data ?? '', 'base64')));
  return JSON.parse(gunzipSync(bytes).toString('utf8')) as Record<string, unknown>;
}

function parse(record: Stored): DeployRecord {
  return readRecord(record.number, record.createdAt, () => {
    const { objects: _objects, ...stored } = contentOf(record);
    return stored as unknown as StoredRecord;
  });
}
