export {
  KubernetesOrchestrator,
  kubernetesOrchestrator,
  type KubernetesOptions,
} from './kubernetes/orchestrator';
export { ensureSecretKeys } from './kubernetes/prepare';
