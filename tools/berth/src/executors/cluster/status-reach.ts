import { randomBytes } from 'node:crypto';
import type { OrchestratorName } from '@berth/model';
import { checkNames } from '../../cluster/check-names';
import { isLocalhost, namesFor } from '../../cluster/dns-records';
import { environmentsOn } from '../../cluster/environments-on';
import { onThisMachine } from '../../cluster/on-this-machine';
import type { OuterAddress } from '../../cluster/outer-address';
import type { ShownReach } from './reach-lines';
import type { StatusQuestion } from './status-part';

/** Asks DNS whether the names of the environments on one orchestrator lead to its gateway. */
export async function reachOf(
  { cluster, workspace, projects, resolver }: StatusQuestion,
  orchestrator: OrchestratorName,
  gateway: OuterAddress,
): Promise<Pick<ShownReach, 'names' | 'localhost'>> {
  const place = { cluster: cluster.name, orchestrator };
  const { environments, claims } = environmentsOn(place, workspace, projects);
  const targets = gateway.state === 'there' ? gateway.targets : [];
  const label = () => `berth-${randomBytes(6).toString('hex')}`;
  const names = await checkNames(namesFor(environments, claims), targets, resolver, label);
  const localhost = environments.some(({ domain }) => isLocalhost(domain))
    ? await onThisMachine(gateway)
    : undefined;
  return { names, ...(localhost && { localhost }) };
}
