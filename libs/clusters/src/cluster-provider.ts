import { existsSync } from 'node:fs';
import { Supervisor, type Runner } from '@berth/exec';
import { UserError, type ProviderName } from '@berth/model';
import { BareMetal } from './bare-metal/bare-metal';
import { thisMachine } from './bare-metal/machine';
import { Systemd } from './bare-metal/machine/systemd';
import { machinePaths } from './bare-metal/paths';
import { ExistingCluster } from './existing/existing';
import type { ClusterProvider } from './provider';

export interface ClusterProviderDependencies {
  runner: Runner;
  /** Absolute path of the workspace, which paths in cluster.json are relative to. */
  workspace: string;
  /** The user's home folder, for the cache of programs. */
  home: string;
  /** Where images go, to say whether a cluster that is there already can have them from there. */
  registry?: string | undefined;
}

/** The provider that a cluster.json names. @throws UserError for one that can't make clusters yet. */
export function clusterProvider(
  name: ProviderName,
  dependencies: ClusterProviderDependencies,
): ClusterProvider {
  switch (name) {
    case 'bare-metal':
      return bareMetal(dependencies);
    case 'existing':
      return new ExistingCluster(dependencies);
    case 'gke':
    case 'eks':
      throw new UserError(
        `clusters of provider ${name} can't be made by Berth yet`,
        'make it with its own tools and name its kubeconfig and context in cluster.json',
      );
  }
}

/** The provider bare-metal, with what only it can: stop, and the image engine alone. */
export function bareMetal({ runner, workspace, home }: ClusterProviderDependencies): BareMetal {
  const paths = machinePaths(home);
  // https://www.freedesktop.org/software/systemd/man/sd_booted.html
  const keeper = existsSync('/run/systemd/system')
    ? new Systemd(runner)
    : new Supervisor(paths.units, paths.logs);
  return new BareMetal(thisMachine(runner, keeper, paths), workspace);
}
