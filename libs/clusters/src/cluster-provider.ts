import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Supervisor, type Runner } from '@berth/exec';
import type { ProviderName } from '@berth/model';
import { BareMetal } from './bare-metal/bare-metal';
import { ByHosts } from './bare-metal/by-hosts';
import { HostsCluster } from './bare-metal/hosts/hosts-cluster';
import { thisMachine } from './bare-metal/machine';
import { Systemd } from './bare-metal/machine/systemd';
import { machinePaths } from './bare-metal/paths';
import { ExistingCluster } from './existing/existing';
import { connectAws } from './eks/aws';
import { Eks } from './eks/eks';
import { Gcloud } from './gke/gcloud';
import { GcloudInImage } from './gke/gcloud-in-image';
import { Gke } from './gke/gke';
import { GcloudInPath } from './gke/tool';
import type { ClusterProvider } from './provider';

export interface ClusterProviderDependencies {
  runner: Runner;
  /** Absolute path of the workspace, which paths in cluster.json are relative to. */
  workspace: string;
  /** The user's home folder, for the cache of programs. */
  home: string;
  /** Where images go, to say whether a cluster that is there already can have them from there. */
  registry?: string | undefined;
  /** Environment variables that the clouds' tools read; those of this process when absent. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Told of what takes a while before there is a plan; printed when absent. */
  notice?: (line: string) => void;
}

/** The provider that a cluster.json names. */
export function clusterProvider(
  name: ProviderName,
  dependencies: ClusterProviderDependencies,
): ClusterProvider {
  switch (name) {
    case 'bare-metal':
      return new ByHosts(
        bareMetal(dependencies),
        new HostsCluster(dependencies.runner, dependencies.workspace, dependencies.home),
      );
    case 'existing':
      return new ExistingCluster(dependencies);
    case 'gke':
      return gke(dependencies);
    case 'eks':
      return new Eks(connectAws, dependencies.workspace);
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

/** The provider gke. Its sign-ins in the image are kept apart from those of a gcloud that somebody has. */
export function gke({
  runner,
  workspace,
  home,
  env = process.env,
  notice = console.log,
}: ClusterProviderDependencies): Gke {
  const gcloudOf = (kind: 'image' | 'path') => {
    const credentials = join(home, '.config/berth/gcloud');
    const user = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
    const tool =
      kind === 'path' ? new GcloudInPath() : new GcloudInImage(runner, { workspace, credentials, env, user });
    return new Gcloud(runner, tool, notice);
  };
  return new Gke(gcloudOf, workspace);
}
