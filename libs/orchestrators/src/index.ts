export type { LastDeploy } from './deploy-notes';
export { EcsOrchestrator, ecsOrchestrator, type EcsOptions } from './ecs/orchestrator';
export { expiresAt } from './kubernetes/expired';
export { handedOver } from './kubernetes/handed-over';
export type { Observed, Seen } from './kubernetes/health';
export { deploysOf, lastDeployOf } from './kubernetes/last-deploy';
export { holderOf } from './kubernetes/lease';
export { deploysAnnotation, lastDeployAnnotation, leaseName, managedByLabel } from './kubernetes/names';
export {
  KubernetesOrchestrator,
  kubernetesOrchestrator,
  type KubernetesOptions,
} from './kubernetes/orchestrator';
export { prepare } from './kubernetes/prepare';
export { ensureSecrets } from './kubernetes/secrets';
export { serviceStatus } from './kubernetes/service-status';
export { serviceOf } from './kubernetes/workloads';
export { askTasks, type TaskAnswer } from './swarm/ask-tasks';
export { dockerCommand } from './swarm/docker/address';
export { DockerClient, type DockerOptions } from './swarm/docker/client';
export { handedOverToStack } from './swarm/handed-over';
export { showSwarm, shownEvents } from './swarm/show';
export type { ShownEnvironment, ShownService, ShownSwarm } from './swarm/shown';
export { SwarmOrchestrator, type SwarmOptions } from './swarm/orchestrator';
export { type OpenedPorts } from './swarm/opened-ports';
export { readSwarm, type ServicePlace, type SwarmReport } from './swarm/report';
