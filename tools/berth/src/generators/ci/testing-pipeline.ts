import type { Pipeline } from './pipeline';

/** Of a workspace that pushes to Docker Hub and deploys to a cluster elsewhere. */
export const pipeline: Pipeline = {
  environment: 'staging',
  ttl: '3d',
  node: '20',
  mainBranch: 'main',
  cluster: 'cloud',
  orchestrator: 'kubernetes',
  registry: 'docker.io',
  kubeconfig: 'deploy/clusters/cloud/kubeconfig',
};
