import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { bareMetal, type BareMetal } from '@berth/clusters';
import { ProcessRunner } from '@berth/exec';
import { parseCluster, type Cluster } from '@berth/model';

const folder = 'deploy/clusters/local';

/**
 * The cluster of deploy/clusters/local and who provides it: this machine.
 * @param signal ends the programs that the provider runs
 */
export function localCluster(root: string, signal: AbortSignal): { cluster: Cluster; provider: BareMetal } {
  const cluster = parseCluster(readFileSync(join(root, folder, 'cluster.json'), 'utf8'), {
    name: 'local',
    root: folder,
  });
  return {
    cluster,
    provider: bareMetal({ runner: new ProcessRunner({ signal }), workspace: root, home: homedir() }),
  };
}
