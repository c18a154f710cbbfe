import { ORCHESTRATOR_TITLES, orchestratorsOf, UserError, type OrchestratorName } from '@berth/model';
import { chosenCluster } from '../../workspace/chosen-cluster';
import type { WorkspaceFiles } from '../../workspace/files';
import { clusterNames, noKubernetes, readCluster } from '../../workspace/models';

export interface ClusterWish {
  orchestrator: OrchestratorName;
  /** The cluster that was typed. */
  chosen: string | undefined;
  /** That of the environment that the new one starts from. */
  base: string | undefined;
}

/**
 * The cluster of a new environment: the one that was typed; or that of the environment it starts from, unless that has no
 * such orchestrator; or else the only one that does.
 * @throws UserError when that leaves a doubt, or when the cluster has no such orchestrator
 */
export function clusterFor(files: WorkspaceFiles, { orchestrator, chosen, base }: ClusterWish): string {
  if (chosen !== undefined) return checked(files, orchestrator, chosenCluster(files, chosen));
  if (base !== undefined && clusterNames(files).includes(base) && has(files, base, orchestrator)) return base;
  const names = clusterNames(files).filter((name) => mayHave(files, name, orchestrator));
  const [name, ...others] = names;
  if (others.length > 0)
    throw new UserError(
      `Which cluster? These have ${having[orchestrator]}: ${names.join(', ')}.`,
      `Add --cluster=${name}, for example.`,
    );
  // Says what is wrong with the only one that may be meant.
  if (name !== undefined) return checked(files, orchestrator, name);
  throw lacking(files, orchestrator, base);
}

const having: Readonly<Record<OrchestratorName, string>> = {
  kubernetes: 'Kubernetes',
  swarm: 'a Swarm',
  ecs: 'an account for ECS',
};

function has(files: WorkspaceFiles, name: string, orchestrator: OrchestratorName): boolean {
  return orchestratorsOf(readCluster(files, name)).includes(orchestrator);
}

/** One whose cluster.json is wrong may be the one that is meant. */
function mayHave(files: WorkspaceFiles, name: string, orchestrator: OrchestratorName): boolean {
  try {
    return has(files, name, orchestrator);
  } catch (error) {
    if (error instanceof UserError) return true;
    throw error;
  }
}

function checked(files: WorkspaceFiles, orchestrator: OrchestratorName, name: string): string {
  if (has(files, name, orchestrator)) return name;
  const cluster = readCluster(files, name);
  const names = orchestratorsOf(cluster);
  if (orchestrator === 'kubernetes')
    throw new UserError(`${noKubernetes(cluster).message}.`, `Add --orchestrator=${names[0]}, or --cluster.`);
  throw new UserError(
    `${cluster.root}/cluster.json has no "${fields[orchestrator]}": environments of it run on ${names.map((each) => ORCHESTRATOR_TITLES[each]).join(' or ')}.`,
    `Add it (${pages[orchestrator]} shows how), or take another --orchestrator or --cluster.`,
  );
}

const fields = { swarm: 'docker', ecs: 'ecs' } as const;
const pages = { swarm: 'docs/guide/moving-to-another-orchestrator.md', ecs: 'docs/guide/ecs.md' } as const;

/** Why no cluster will do. */
function lacking(files: WorkspaceFiles, orchestrator: OrchestratorName, base: string | undefined): UserError {
  switch (orchestrator) {
    case 'kubernetes':
      try {
        checked(files, orchestrator, chosenCluster(files, base));
      } catch (error) {
        if (error instanceof UserError) return error;
        throw error;
      }
      return new UserError('No cluster.json names a Kubernetes.');
    case 'swarm':
      return new UserError(
        'No cluster.json has "docker", which says where dockerd of a Swarm answers.',
        'Add it to the cluster, for example "docker": "unix:///var/run/docker.sock", or name one: nx g cluster swarm --provider existing --docker unix:///var/run/docker.sock',
      );
    case 'ecs':
      return new UserError(
        'No cluster.json has "ecs", which says in which account of AWS environments are.',
        'Write one; docs/guide/ecs.md shows how.',
      );
  }
}
