import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessRunner } from '@berth/exec';
import type { BenchContext } from './benchmark';

/** Makes the image of a project of this workspace where the registry lacks it. @returns its reference */
export async function pushedImage(
  project: string,
  { root, scratch }: Pick<BenchContext, 'root' | 'scratch'>,
  runner: ProcessRunner,
): Promise<string> {
  const record = join(scratch, `${project}-image.json`);
  await runner.run([join(root, 'node_modules/.bin/nx'), 'docker-push', project, `--json=${record}`], {
    cwd: root,
    env: { NX_DAEMON: 'false' },
  });
  const { images } = JSON.parse(readFileSync(record, 'utf8')) as {
    images: Record<string, { reference: string }>;
  };
  const image = images[project];
  if (!image) throw new Error(`${record} has no image of ${project}`);
  return image.reference;
}
