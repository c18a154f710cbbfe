import type { Tree } from '@nx/devkit';
import { parseCluster, UserError } from '@berth/model';
import { clustersFolder } from '../../workspace/models';
import { schemaReference } from '../schema-reference';
import { refuseBadName, refuseTakenName } from '../taken-name';
import { withHints } from '../user-errors';

export interface ClusterSchema {
  name: string | number;
  provider: string;
  hosts?: string[];
}

/** Writes cluster.json; `nx create cluster-<name>` brings the cluster up. The same command again changes nothing. */
export default function clusterGenerator(tree: Tree, options: ClusterSchema): Promise<void> {
  return withHints(() => {
    const name = String(options.name);
    refuseBadName(name, 'a cluster');
    const root = `${clustersFolder}/${name}`;
    refuseTakenName(tree, `cluster-${name}`, root);
    const { provider } = options;
    // `--hosts a,b` comes from Nx as one string in a list.
    const hosts = (options.hosts ?? []).flatMap((host) => host.split(',')).filter(Boolean);
    if (provider === 'bare-metal' && hosts.length === 0) {
      throw new UserError(
        'A bare-metal cluster needs its machines.',
        `nx g cluster ${name} --hosts localhost`,
      );
    }
    const text = `${JSON.stringify(
      {
        $schema: schemaReference(tree, root, 'cluster'),
        provider,
        ...(hosts.length > 0 ? { hosts } : {}),
        kubeconfig: `${root}/kubeconfig`,
        context: `berth-${name}`,
      },
      null,
      2,
    )}\n`;
    parseCluster(text, { name, root });
    const file = `${root}/cluster.json`;
    const existing = tree.read(file, 'utf8');
    if (existing !== null) {
      if (sameJson(existing, text)) return;
      throw new UserError(`${file} exists and says something else.`, `Edit ${file}.`);
    }
    tree.write(file, text);
  });
}

function sameJson(one: string, other: string): boolean {
  return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));
}
