import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { UserError } from '@berth/model';
import { localCluster } from './local-cluster';
import type { Workbench } from './main';
import type { Options } from './usage';

/** What Berth itself wrote in the workspace and Git ignores. */
const written = ['.berth', '.nx', 'deploy/environments/admin/env.local.json'];

/** Deletes the cluster, the registry and every volume, after listing them and asking. */
export async function clean(
  { root, progress, print, signal }: Workbench,
  options: Pick<Options, 'force'>,
): Promise<void> {
  const { cluster, provider } = localCluster(root, signal);
  const steps = await provider.planDestroy(cluster);
  const files = written.filter((path) => existsSync(join(root, path)));
  if (steps.length === 0 && files.length === 0) {
    print('There is nothing to delete.');
    return;
  }
  print('This deletes:');
  for (const detail of steps.flatMap((step) => step.details)) print(`  ${detail}`);
  for (const path of files) print(`  ${path}`);
  print('The Debian packages and the programs and packages in ~/.cache/berth stay.');
  if (!options.force) await ask();
  for (const step of steps) await progress.step(step.title, (log) => step.run(log));
  for (const path of files) rmSync(join(root, path), { recursive: true, force: true });
}

async function ask(): Promise<void> {
  const hint = 'npm run clean -- --force';
  if (!process.stdin.isTTY) throw new UserError('Nothing was deleted: there is no terminal to ask on.', hint);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Type "clean" to go on: ');
  terminal.close();
  if (answer.trim() !== 'clean') throw new UserError('Nothing was deleted.', hint);
}
