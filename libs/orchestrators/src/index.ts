export { handedOver } from './kubernetes/handed-over';
export {
  KubernetesOrchestrator,
  kubernetesOrchestrator,
  type KubernetesOptions,
} from './kubernetes/orchestrator';
export { prepare } from './kubernetes/prepare';
export { ensureSecrets } from './kubernetes/secrets';
