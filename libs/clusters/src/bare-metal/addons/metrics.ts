import type { KubernetesObject } from '@berth/manifests';
import { METRICS_IMAGE } from '../versions';

const NAME = 'metrics-server';
const NAMESPACE = 'kube-system';
const PORT = 10250;

/** The metrics API. After manifests/base of kubernetes-sigs/metrics-server v0.8.0. */
export function metricsObjects(): KubernetesObject[] {
  const labels = { 'k8s-app': NAME };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME, namespace: NAMESPACE, labels } },
    clusterRole('system:aggregated-metrics-reader', ['metrics.k8s.io'], ['pods', 'nodes'], {
      'rbac.authorization.k8s.io/aggregate-to-view': 'true',
      'rbac.authorization.k8s.io/aggregate-to-edit': 'true',
      'rbac.authorization.k8s.io/aggregate-to-admin': 'true',
    }),
    {
      ...clusterRole('system:metrics-server', [''], ['pods', 'nodes'], labels),
      rules: [
        { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
        { apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] },
      ],
    },
    binding('RoleBinding', 'metrics-server-auth-reader', 'Role', 'extension-apiserver-authentication-reader'),
    binding(
      'ClusterRoleBinding',
      'metrics-server:system:auth-delegator',
      'ClusterRole',
      'system:auth-delegator',
    ),
    binding('ClusterRoleBinding', 'system:metrics-server', 'ClusterRole', 'system:metrics-server'),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: NAME, namespace: NAMESPACE, labels },
      spec: { selector: labels, ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 'https' }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: NAME, namespace: NAMESPACE, labels },
      spec: {
        selector: { matchLabels: labels },
        strategy: { rollingUpdate: { maxUnavailable: 0 } },
        template: { metadata: { labels }, spec: podSpec() },
      },
    },
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1beta1.metrics.k8s.io', labels },
      spec: {
        group: 'metrics.k8s.io',
        version: 'v1beta1',
        service: { name: NAME, namespace: NAMESPACE },
        insecureSkipTLSVerify: true,
        groupPriorityMinimum: 100,
        versionPriority: 100,
      },
    },
  ];
}

function clusterRole(
  name: string,
  apiGroups: string[],
  resources: string[],
  labels: Record<string, string>,
): KubernetesObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name, labels: { 'k8s-app': NAME, ...labels } },
    rules: [{ apiGroups, resources, verbs: ['get', 'list', 'watch'] }],
  };
}

function binding(kind: string, name: string, roleKind: string, role: string): KubernetesObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: { name, ...(kind === 'RoleBinding' ? { namespace: NAMESPACE } : {}) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: roleKind, name: role },
    subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }],
  };
}

function podSpec(): object {
  const probe = (path: string, periodSeconds: number) => ({
    httpGet: { path, port: 'https', scheme: 'HTTPS' },
    periodSeconds,
    failureThreshold: 3,
  });
  return {
    serviceAccountName: NAME,
    priorityClassName: 'system-cluster-critical',
    containers: [
      {
        name: NAME,
        image: METRICS_IMAGE,
        args: [
          '--cert-dir=/tmp',
          `--secure-port=${PORT}`,
          '--kubelet-preferred-address-types=InternalIP',
          '--kubelet-use-node-status-port',
          // kubeadm's kubelets sign their own serving certificates; both ends are on this machine's bridge.
          '--kubelet-insecure-tls',
          '--metric-resolution=15s',
        ],
        ports: [{ name: 'https', containerPort: PORT }],
        resources: { requests: { cpu: '20m', memory: '64Mi' } },
        readinessProbe: probe('/readyz', 2),
        livenessProbe: { ...probe('/livez', 10), initialDelaySeconds: 10 },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          runAsUser: 1000,
          seccompProfile: { type: 'RuntimeDefault' },
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
      },
    ],
    volumes: [{ name: 'tmp', emptyDir: {} }],
  };
}
