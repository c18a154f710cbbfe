export {
  KubernetesOrchestrator,
  kubernetesOrchestrator,
  type KubernetesOptions,
} from './kubernetes/orchestrator';
export { ensureSecretKeys, prepare } from './kubernetes/prepare';
