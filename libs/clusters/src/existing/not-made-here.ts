import { UserError, type Cluster } from '@berth/model';
import type { ClusterFinding } from './checks';

/** Nothing is made of a cluster that is somebody else's. @throws UserError with all that it lacks */
export function refuseLacking({ name }: Cluster, findings: readonly ClusterFinding[]): void {
  const lacking = findings.filter(({ state }) => state === 'missing');
  if (lacking.length === 0) return;
  throw new UserError(
    [`Environments cannot run on the cluster ${name}:`, ...lacking.map(({ what }) => `  ${what}`)].join('\n'),
    lacking.map(({ hint }) => hint ?? '').join('\n'),
  );
}

/**
 * Why a cluster that is somebody else's is not destroyed, with the environments in it and what removes them.
 * @param what it is, for example `the Swarm`
 * @param environments their names. @throws UserError when they cannot be asked for
 */
export async function destroyRefusal(
  what: string,
  { name, root }: Cluster,
  environments: () => Promise<string[]>,
): Promise<UserError> {
  const { there, names } = await environmentsThere(environments);
  return new UserError(
    `Berth did not make ${what} ${name}, and does not destroy it; ${there}.`,
    [
      ...names.map((environment) => `nx run berth:destroy --env=${environment} --cluster=${name}`),
      `To forget the cluster: delete ${root}`,
    ].join('\n'),
  );
}

async function environmentsThere(
  environments: () => Promise<string[]>,
): Promise<{ there: string; names: string[] }> {
  try {
    const names = await environments();
    const there =
      names.length > 0
        ? `environments of Berth in it: ${names.join(', ')}`
        : 'no environment of Berth is in it';
    return { there, names };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const why = error.message.replace(/\.$/, '');
    return { there: `which of Berth's environments are in it is not known: ${why}`, names: [] };
  }
}
