import type { KubernetesObject } from '@berth/manifests';
import type { MachinePaths } from '../paths';
import { STORAGE_HELPER_IMAGE, STORAGE_IMAGE } from '../versions';

export const STORAGE_NAMESPACE = 'local-path-storage';
const NAME = 'local-path-provisioner';
/** The name that the provisioner gives its helper pods. */
const ACCOUNT = 'local-path-provisioner-service-account';

/**
 * A default StorageClass whose volumes are folders of the node.
 * After deploy/local-path-storage.yaml of rancher/local-path-provisioner v0.0.30; its namespace is privileged, since
 * its helper pods make folders on the host.
 */
export function storageObjects(paths: MachinePaths): KubernetesObject[] {
  const namespace = STORAGE_NAMESPACE;
  const labels = { app: NAME };
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: ACCOUNT, namespace } },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: NAME, namespace },
      rules: [
        {
          apiGroups: [''],
          resources: ['pods'],
          verbs: ['get', 'list', 'watch', 'create', 'patch', 'update', 'delete'],
        },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: NAME },
      rules: [
        {
          apiGroups: [''],
          resources: ['nodes', 'persistentvolumeclaims', 'configmaps', 'pods', 'pods/log'],
          verbs: ['get', 'list', 'watch'],
        },
        {
          apiGroups: [''],
          resources: ['persistentvolumes'],
          verbs: ['get', 'list', 'watch', 'create', 'patch', 'update', 'delete'],
        },
        { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
        { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: ['get', 'list', 'watch'] },
      ],
    },
    binding('RoleBinding', 'Role'),
    binding('ClusterRoleBinding', 'ClusterRole'),
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: {
        name: 'local-path',
        annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
      },
      provisioner: 'rancher.io/local-path',
      volumeBindingMode: 'WaitForFirstConsumer',
      reclaimPolicy: 'Delete',
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'local-path-config', namespace },
      data: {
        'config.json': JSON.stringify({
          nodePathMap: [{ node: 'DEFAULT_PATH_FOR_NON_LISTED_NODES', paths: [paths.volumes] }],
        }),
        setup: '#!/bin/sh\nset -eu\nmkdir -m 0777 -p "$VOL_DIR"\n',
        teardown: '#!/bin/sh\nset -eu\nrm -rf "$VOL_DIR"\n',
        'helperPod.yaml': JSON.stringify(helperPod()),
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: NAME, namespace },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podSpec() },
      },
    },
  ];
}

function binding(kind: string, role: string): KubernetesObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: { name: NAME, ...(kind === 'RoleBinding' ? { namespace: STORAGE_NAMESPACE } : {}) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: role, name: NAME },
    subjects: [{ kind: 'ServiceAccount', name: ACCOUNT, namespace: STORAGE_NAMESPACE }],
  };
}

function helperPod(): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'helper-pod' },
    spec: {
      priorityClassName: 'system-node-critical',
      tolerations: [{ key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' }],
      containers: [{ name: 'helper-pod', image: STORAGE_HELPER_IMAGE, imagePullPolicy: 'IfNotPresent' }],
    },
  };
}

function podSpec(): object {
  return {
    serviceAccountName: ACCOUNT,
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: NAME,
        image: STORAGE_IMAGE,
        args: ['start', '--config', '/etc/config/config.json'],
        env: [
          { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
          { name: 'CONFIG_MOUNT_PATH', value: '/etc/config/' },
        ],
        resources: { requests: { cpu: '10m', memory: '32Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [{ name: 'config', mountPath: '/etc/config/' }],
      },
    ],
    volumes: [{ name: 'config', configMap: { name: 'local-path-config' } }],
  };
}
