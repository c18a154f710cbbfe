import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '@berth/model';
import type { Workbench } from './main';
import { nx } from './nx';
import { generateMissingSecrets } from './secrets';
import { deployedSummary, imageSummary } from './summaries';

/** What is the same on every cluster: images, manifests, secrets, and the environments one after the other. */
export async function bringUp(
  workbench: Workbench,
  cluster: Cluster,
  environments: readonly string[],
): Promise<void> {
  const { root, progress } = workbench;
  await progress.step('Images: build, test and push what the registry lacks', async (log) => {
    await nx(workbench, ['run-many', '-t', 'docker-push', '--outputStyle=stream'], log);
    return existsSync(join(root, '.berth/images.json')) ? imageSummary(root) : 'none of this workspace';
  });
  await progress.step('Manifests of every environment', async (log) => {
    await nx(workbench, ['sync'], log);
  });
  for (const name of environments) {
    await progress.step(`Secrets of ${name}`, (log) => generateMissingSecrets(root, cluster, name, log));
    const result = join(root, `.berth/deploy-${name}.json`);
    await progress.step(`Deploy ${name}`, async (log) => {
      await nx(workbench, ['deploy', name, `--json=${result}`, '--outputStyle=stream'], log);
      return deployedSummary(result);
    });
  }
}
