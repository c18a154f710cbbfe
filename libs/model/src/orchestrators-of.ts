import type { Cluster } from './cluster';
import type { OrchestratorName } from './environment';

/** As a person calls them. */
export const ORCHESTRATOR_TITLES: Readonly<Record<OrchestratorName, string>> = {
  kubernetes: 'Kubernetes',
  swarm: 'Swarm',
  ecs: 'ECS',
};

/** What environments of the cluster may run on, as its cluster.json says; never empty. */
export function orchestratorsOf({
  withoutKubernetes,
  docker,
  ecs,
}: Pick<Cluster, 'withoutKubernetes' | 'docker' | 'ecs'>): OrchestratorName[] {
  return [
    ...(withoutKubernetes ? [] : (['kubernetes'] as const)),
    ...(docker === undefined ? [] : (['swarm'] as const)),
    ...(ecs === undefined ? [] : (['ecs'] as const)),
  ];
}
