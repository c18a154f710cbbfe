import type { KubernetesObject } from '@berth/manifests';
import type { ContractService } from '../contract/setup';
import { serverPort, serverProgram } from '../contract/server';

/** Images that every cluster of this workspace has: the kubelet and the storage provisioner run them. */
const images: Record<Exclude<ContractService['behaviour'], 'serves' | 'sick'>, string> = {
  runs: 'localhost:5000/pause:3.10.1',
  crashes: 'localhost:5000/local-path-helper:v0.0.30',
  'image-missing': 'localhost:5000/berth-test/not-there:1',
};

/** A service that meets the restricted Pod Security Standard. */
export function testService(
  environment: string,
  name: string,
  { behaviour, version = '1', secret, replicas = 1, public: isPublic = false }: ContractService,
  /** Of Node, for what serves. */
  nodeImage = '',
): KubernetesObject[] {
  const serves = behaviour === 'serves' || behaviour === 'sick';
  const labels = {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/part-of': environment,
    'app.kubernetes.io/managed-by': 'berth',
  };
  const metadata = { name, namespace: environment, labels };
  const container = {
    name,
    image: serves ? nodeImage : images[behaviour],
    ...(serves ? served(behaviour) : {}),
    ...(behaviour === 'crashes' ? { command: ['/bin/sh', '-c', 'echo the store is shut; exit 3'] } : {}),
    env: [
      { name: 'VERSION', value: version },
      { name: 'SELF', value: `${environment}/${name}` },
      ...(secret
        ? [{ name: secret, valueFrom: { secretKeyRef: { name: 'berth-secrets', key: secret } } }]
        : []),
    ],
    resources: { requests: { cpu: '5m', memory: '8Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    },
  };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: isPublic ? published(metadata) : metadata,
      spec: {
        selector: { 'app.kubernetes.io/name': name },
        ports: [{ name: 'http', port: 80, targetPort: 8080 }],
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas,
        selector: { matchLabels: { 'app.kubernetes.io/name': name } },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: name,
            terminationGracePeriodSeconds: serves ? 10 : 1,
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 1000,
              seccompProfile: { type: 'RuntimeDefault' },
            },
            containers: [container],
          },
        },
      },
    },
  ];
}

/** For the gateway. */
function published<Metadata extends { labels: Record<string, string> }>(metadata: Metadata) {
  return {
    ...metadata,
    labels: { ...metadata.labels, 'berth.dev/public': 'true' },
    annotations: { 'berth.dev/domain': 'localhost', 'berth.dev/public-ports': 'http' },
  };
}

/** The server of the suites. Before it is told to end it goes on for a moment: others may still ask it. */
function served(behaviour: 'serves' | 'sick') {
  return {
    command: ['node', '-e', serverProgram],
    readinessProbe: {
      httpGet: { path: behaviour === 'sick' ? '/sick' : '/', port: serverPort },
      periodSeconds: 1,
    },
    lifecycle: { preStop: { sleep: { seconds: 3 } } },
  };
}

/** Fields that are laid over a test service's own; `undefined` takes one away. */
export interface ServiceChanges {
  container?: Record<string, unknown>;
  pod?: Record<string, unknown>;
  deployment?: Record<string, unknown>;
}

/** The objects of an environment with one service, named `one`. */
export function oneService(
  environment: string,
  { container, pod, deployment }: ServiceChanges = {},
  behaviour: ContractService['behaviour'] = 'runs',
): KubernetesObject[] {
  const changed = (object: KubernetesObject): KubernetesObject => {
    if (object.kind !== 'Deployment') return object;
    const spec = object.spec as { template: { spec: { containers: object[] } } };
    const { template } = spec;
    const containers = template.spec.containers.map((each) => ({ ...each, ...container }));
    const changedTemplate = { ...template, spec: { ...template.spec, containers, ...pod } };
    const fields = Object.entries({ ...spec, template: changedTemplate, ...deployment });
    return { ...object, spec: Object.fromEntries(fields.filter(([, value]) => value !== undefined)) };
  };
  return [testNamespace(environment), ...testService(environment, 'one', { behaviour }).map(changed)];
}

/** An environment's namespace. */
export function testNamespace(
  environment: string,
  annotations: Readonly<Record<string, string>> = {},
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: environment,
      labels: {
        'app.kubernetes.io/managed-by': 'berth',
        'pod-security.kubernetes.io/enforce': 'restricted',
      },
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
  };
}

/** A ConfigMap with one value. */
export function settings(environment: string, name: string, value: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: environment },
    data: { value },
  };
}

/** A RoleBinding, whose role cannot be changed: it is made anew. */
export function boundTo(environment: string, role: string): KubernetesObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'reader', namespace: environment },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role },
    subjects: [],
  };
}
