import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { workspace } from './cluster';

/** Images of services of `admin` by name, with their digests; made where the registry lacks them. */
export async function adminImages(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const record = `.berth/test/images-of-${names.join('-')}.json`;
  const argv = ['run-many', '-t', 'docker-push', '-p', names.join(','), `--json=${record}`];
  await new ProcessRunner().run([join(workspace, 'node_modules/.bin/nx'), ...argv], {
    cwd: workspace,
    env: { NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false' },
  });
  const made = JSON.parse(readFileSync(join(workspace, record), 'utf8')) as {
    images: Record<string, { reference: string }>;
  };
  return new Map(names.map((name) => [name, made.images[name]!.reference]));
}
