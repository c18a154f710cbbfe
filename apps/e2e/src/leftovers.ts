import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isGone, ProcessRunner } from '@berth/exec';
import { until } from '@berth/exec/src/testing-until';
import type { Checkout } from './checkout';
import type { Foreground } from './foreground';

const runner = new ProcessRunner();

/** Milliseconds in which everything that a command has begun must be gone. */
const limitMs = 15_000;

/** Until nothing is left of an interrupted command: no process, container, temporary folder or draft of a file. */
export async function untilNothingIsLeft(command: Foreground, checkout: Checkout): Promise<void> {
  const processes = () => command.processes().map(({ argv }) => argv.join(' '));
  const isEmpty = (left: readonly string[]) => left.length === 0;
  // First what costs little to ask: most of the time goes by until the last process has ended.
  await until(processes, isEmpty, limitMs);
  await until(
    async () => [
      ...processes(),
      ...(await abandonedContainers()),
      ...abandonedFolders(),
      ...entriesOf(join(checkout.root, '.berth/contexts')),
      ...(await drafts(checkout)),
    ],
    isEmpty,
    limitMs,
  );
}

/** Containers for image tests whose owner has ended; others may be running theirs. */
async function abandonedContainers(): Promise<string[]> {
  const { stdout } = await runner.run(['docker', 'ps', '--all', '--format', '{{.Names}}']);
  return stdout.split('\n').filter(isAbandoned);
}

function abandonedFolders(): string[] {
  return readdirSync(tmpdir()).filter(isAbandoned);
}

function isAbandoned(name: string): boolean {
  const mark = /^berth-run-(\d+-\d+)/.exec(name)?.[1];
  return mark !== undefined && isGone(mark);
}

/** Files that were to take the place of another. */
async function drafts({ root }: Checkout): Promise<string[]> {
  const folders = ['.berth', 'apps', 'deploy', 'docker'];
  const names = folders.flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      : [],
  );
  return names.filter((name) => /\.(new|part|download|json\.\d+)$/.test(name));
}

function entriesOf(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
