import { environmentsOn } from '../../cluster/environments-on';
import type { ClusterPart, StatusQuestion } from './status-part';

/** What cluster.json says of an account of AWS, of which nothing is asked: its environments say how they are. */
export async function accountPart({ cluster, workspace, projects }: StatusQuestion): Promise<ClusterPart> {
  const { name, ecs } = cluster;
  const place = { cluster: name, orchestrator: 'ecs' } as const;
  const environments = environmentsOn(place, workspace, projects).environments.map((each) => each.name);
  const { account, region, cluster: inAccount } = ecs ?? {};
  return {
    lines: [
      `${name}: ECS in the account ${account}, region ${region}, its cluster ${inAccount}`,
      `environments of this workspace with something public: ${environments.join(', ') || 'none'}`,
      ...environments.map((each) => `    nx status ${each}`),
    ],
    result: { ecs: { account, region, cluster: inAccount }, environments },
  };
}
