import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { bareMetal, type BareMetal } from '@berth/clusters';
import { ProcessRunner } from '@berth/exec';
import { mergeJson, parseCluster, readJson, UserError, type Cluster } from '@berth/model';

const folder = 'deploy/clusters/local';

/** What makes another cluster the local one, in this clone only: Git ignores it. */
export const adoptedFile = `${folder}/cluster.local.json`;

/**
 * The cluster of deploy/clusters/local and who provides it: this machine.
 * @param signal ends the programs that the provider runs
 * @throws UserError when another cluster has been adopted in its place
 */
export function localCluster(root: string, signal: AbortSignal): { cluster: Cluster; provider: BareMetal } {
  const adopted = adoptedCluster(root);
  if (adopted) {
    throw new UserError(
      `The local cluster of this clone is ${adopted.context} of ${adopted.kubeconfig}, which Berth did not make: it is never stopped, deleted or tested on.`,
      [
        `To remove what Berth made in it: npx nx destroy <environment>`,
        `To go back to a cluster on this machine: delete ${adoptedFile}`,
      ].join('\n'),
    );
  }
  return {
    cluster: parseCluster(readFileSync(join(root, folder, 'cluster.json'), 'utf8'), place),
    provider: bareMetal({ runner: new ProcessRunner({ signal }), workspace: root, home: homedir() }),
  };
}

/** The cluster that was adopted as the local one; undefined when none was. @throws UserError when a file is wrong */
export function adoptedCluster(root: string): Cluster | undefined {
  const file = join(root, adoptedFile);
  if (!existsSync(file)) return undefined;
  const cluster = clusterWith(root, readJson(readFileSync(file, 'utf8')));
  return cluster.provider === 'existing' ? cluster : undefined;
}

/** The local cluster with these fields in place of its cluster.json's. @throws UserError when that makes no cluster */
export function clusterWith(root: string, fields: unknown): Cluster {
  const written = readJson(readFileSync(join(root, folder, 'cluster.json'), 'utf8'));
  return parseCluster(JSON.stringify(mergeJson(written, fields)), place);
}

const place = { name: 'local', root: folder };
