import { homedir } from 'node:os';
import type { Tree } from '@nx/devkit';
import { existingFields, GCLOUD_DOCKERFILE, gcloudDockerfile, type Surroundings } from '@berth/clusters';
import { parseCluster, UserError } from '@berth/model';
import { clustersFolder } from '../../workspace/models';
import { schemaReference } from '../schema-reference';
import { refuseBadName, refuseTakenName } from '../taken-name';
import { withHints } from '../user-errors';
import { fieldsOf, type TypedFields } from './typed-fields';

export interface ClusterSchema extends TypedFields {
  name: string | number;
  provider: string;
  context?: string;
  kubeconfig?: string;
  docker?: string;
}

/**
 * Writes cluster.json as it was typed, and what gcloud is to run in; `nx create cluster-<name>` brings the cluster up.
 * The same command again changes nothing.
 */
export default function clusterGenerator(
  tree: Tree,
  options: ClusterSchema,
  surroundings: Surroundings = { KUBECONFIG: process.env['KUBECONFIG'], home: homedir() },
): Promise<void> {
  return withHints(() => {
    const name = String(options.name);
    refuseBadName(name, 'a cluster');
    const root = `${clustersFolder}/${name}`;
    refuseTakenName(tree, `cluster-${name}`, root);
    const { provider } = options;
    const fields = fieldsOf(provider, options);
    if (provider === 'bare-metal' && !fields['hosts']) {
      throw new UserError(
        'A bare-metal cluster needs its machines.',
        `nx g cluster ${name} --hosts localhost`,
      );
    }
    if (provider !== 'existing') refuseOthers(options, ['context', 'kubeconfig'], 'existing');
    const access = accessOf({ ...options, name }, tree.root, surroundings);
    const text = `${JSON.stringify(
      {
        $schema: schemaReference(tree, root, 'cluster'),
        provider,
        ...fields,
        ...access,
      },
      null,
      2,
    )}\n`;
    const { gke } = parseCluster(text, { name, root });
    const file = `${root}/cluster.json`;
    const existing = tree.read(file, 'utf8');
    if (existing !== null && !sameJson(existing, text))
      throw new UserError(`${file} exists and says something else.`, `Edit ${file}.`);
    if (existing === null) tree.write(file, text);
    if (gke?.gcloud === 'image' && !tree.exists(GCLOUD_DOCKERFILE))
      tree.write(GCLOUD_DOCKERFILE, gcloudDockerfile());
  });
}

/** How the cluster is reached: a dockerd that is named alone is a Swarm, and needs no Kubernetes. */
function accessOf(
  { name, provider, context, kubeconfig, docker }: ClusterSchema & { name: string },
  workspace: string,
  surroundings: Surroundings,
): object {
  const root = `${clustersFolder}/${name}`;
  const swarm = docker === undefined ? {} : { docker };
  if (provider !== 'existing')
    return { kubeconfig: `${root}/kubeconfig`, context: `berth-${name}`, ...swarm };
  if (docker !== undefined && context === undefined && kubeconfig === undefined) return swarm;
  const command = `nx g cluster ${name} --provider existing`;
  return { ...existingFields({ context, kubeconfig, workspace, command }, surroundings), ...swarm };
}

/** Refuses options that only clusters of another provider have. @throws UserError */
function refuseOthers(
  { provider, ...options }: ClusterSchema,
  names: readonly (keyof typeof options)[],
  of: string,
): void {
  const given = names.filter((name) => options[name] !== undefined).map((name) => `--${name}`);
  if (given.length === 0) return;
  throw new UserError(
    `${given.join(' and ')} are of clusters of the provider ${of}, not of ${provider}.`,
    `Add --provider ${of}, or leave ${given.join(' and ')} out.`,
  );
}

function sameJson(one: string, other: string): boolean {
  return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));
}
