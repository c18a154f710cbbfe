import type { DeployRecord } from '@berth/deploy';
import { columns } from '../columns';
import { shortDigest } from '../short-digest';

/**
 * Records as lines of text, newest first: a line each, and below it the images that it changed, or why it failed.
 * @param records newest first
 */
export function historyLines(environment: string, records: readonly DeployRecord[]): string[] {
  if (records.length === 0) return [`${environment} remembers no deploy.`, '', `  nx deploy ${environment}`];
  const heads = columns(
    records.map(({ number, outcome, finishedAt, author, commit = '', restores }) => [
      String(number),
      outcome,
      finishedAt.slice(0, 19).replace('T', ' '),
      author,
      commit.slice(0, 10),
      restores === undefined ? '' : `brought back record ${restores}`,
    ]),
  );
  return records.flatMap((record, index) => [
    heads[index] ?? '',
    ...(record.failure?.split('\n') ?? []).map((line) => `      ${line}`),
    ...imageLines(record, records[index + 1]).map((line) => `      ${line}`),
  ]);
}

/** Of the images, those that the record before did not have. */
function imageLines({ images }: DeployRecord, before: DeployRecord | undefined): string[] {
  return Object.entries(images)
    .filter(([service, reference]) => before?.images[service] !== reference)
    .map(([service, reference]) => `${service} ${shortDigest(reference)}`)
    .sort();
}
