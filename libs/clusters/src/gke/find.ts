import { UserError, type Cluster, type GkeSettings } from '@berth/model';
import type { GkeCommands } from './commands';
import { isOurs, placeOf, type GkeDescription } from './description';
import type { Gcloud } from './gcloud';
import { GcloudRefusal } from './refusal';

/** The cluster as it is; undefined when there is none of that name in that place, or no such place. */
export async function find(
  gcloud: Gcloud,
  commands: GkeCommands,
  settings: GkeSettings,
): Promise<GkeDescription | undefined> {
  try {
    return await gcloud.json<GkeDescription>(commands.describe(), settings);
  } catch (error) {
    if (!(error instanceof GcloudRefusal)) throw error;
    const noPlace = /location[^\n]*does not exist|or it may not exist|invalid (?:zone|location)/i;
    if (error.kind === 'absent' || noPlace.test(error.message)) return undefined;
    throw error;
  }
}

/** @throws UserError when somebody else made the cluster of that name, or one that cannot become what cluster.json says */
export function refuseForeign(found: GkeDescription, cluster: Cluster): void {
  const file = `${cluster.root}/cluster.json`;
  if (!isOurs(found)) {
    throw new UserError(
      `The name is taken: in ${placeOf(cluster)} is a cluster ${cluster.name} that Berth did not make (it lacks the label managed-by=berth).`,
      `Take another name, or use that one as it is: write "provider": "existing" into ${file}`,
    );
  }
  const pool = cluster.gke?.pool;
  const machineType = found.nodePools?.find(({ name }) => name === 'default-pool')?.config?.machineType;
  if (pool && machineType !== undefined && machineType !== pool.machineType) {
    throw new UserError(
      `${file} at machineType: says ${pool.machineType}, but the nodes of ${cluster.name} were made as ${machineType}, and that cannot be changed`,
      `Write "machineType": "${machineType}", or make another cluster.`,
    );
  }
  if (!!found.autopilot?.enabled !== (pool === undefined)) {
    throw new UserError(
      `${file} at autopilot: the cluster ${cluster.name} was made ${pool ? 'with' : 'without'} Autopilot, and that cannot be changed`,
      `Write "autopilot": ${found.autopilot?.enabled ?? false}, or make another cluster.`,
    );
  }
}

/** What a kubeconfig needs of it. @throws UserError as long as it does not have that */
export function whole(
  { endpoint, masterAuth, status }: GkeDescription,
  { name }: Cluster,
): { endpoint: string; ca: string } {
  const ca = masterAuth?.clusterCaCertificate;
  if (endpoint !== undefined && ca !== undefined) return { endpoint, ca };
  throw new UserError(
    `The cluster ${name} has no address yet: its status is ${status}.`,
    `It is followed by: nx create cluster-${name}`,
  );
}
