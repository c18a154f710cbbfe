import type { ObjectKinds } from '@berth/deploy';

interface Container {
  image?: string;
  imagePullPolicy?: string;
}
interface PodTemplate {
  spec?: { containers?: Container[]; initContainers?: Container[] };
}

export const kubernetesKinds: ObjectKinds = {
  first: ['Namespace', 'CustomResourceDefinition', 'StorageClass', 'PriorityClass'],
  foundation: new Set([
    'ServiceAccount',
    'Secret',
    'ConfigMap',
    'Role',
    'RoleBinding',
    'ClusterRole',
    'ClusterRoleBinding',
    'PersistentVolumeClaim',
    'LimitRange',
    'ResourceQuota',
    'NetworkPolicy',
  ]),
  workloads: new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Pod']),
  kept: new Set(['/Namespace', '/PersistentVolumeClaim', 'apiextensions.k8s.io/CustomResourceDefinition']),
  // Fields that the API server refuses to change.
  immutable: {
    'apps/Deployment': /^spec\.selector\b/,
    'apps/StatefulSet': /^spec\.(selector|serviceName|podManagementPolicy|volumeClaimTemplates)\b/,
    'batch/Job': /^spec\.(selector|template|completions)\b/,
    '/Service': /^spec\.(clusterIP|clusterIPs)\b/,
    'rbac.authorization.k8s.io/RoleBinding': /^roleRef\b/,
    'rbac.authorization.k8s.io/ClusterRoleBinding': /^roleRef\b/,
  },
  images: ({ spec }) => {
    const { template } = (spec ?? {}) as { template?: PodTemplate };
    const { containers = [], initContainers = [] } = template?.spec ?? {};
    return [...containers, ...initContainers].flatMap(({ image, imagePullPolicy }) =>
      // Whoever puts images on the nodes says `Never`.
      image === undefined || imagePullPolicy === 'Never' ? [] : [image],
    );
  },
};
