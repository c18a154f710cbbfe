import { resolve } from 'node:path';
import type { KubernetesObject } from '@berth/manifests';
import { KubeClient, referenceOf } from '@berth/kube';
import { orchestratorContract, type ContractService } from '../contract';
import { kubernetesOrchestrator } from './orchestrator';

const kubeconfig =
  process.env.BERTH_TEST_KUBECONFIG ?? resolve(__dirname, '../../../../deploy/clusters/local/kubeconfig');
const context = process.env.BERTH_TEST_CONTEXT ?? 'berth-local';
const client = KubeClient.from({ kubeconfig, context });
const run = process.pid.toString(36);

afterAll(() => client.close());

const images: Record<ContractService['behaviour'], string> = {
  runs: 'localhost:5000/pause:3.10.1',
  crashes: 'localhost:5000/pause:3.10.1',
  'image-missing': 'localhost:5000/berth-test/not-there:1',
};

function service(
  environment: string,
  name: string,
  { behaviour, version = '1', secret }: ContractService,
): KubernetesObject[] {
  const labels = {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/part-of': environment,
    'app.kubernetes.io/managed-by': 'berth',
  };
  const metadata = { name, namespace: environment, labels };
  const container = {
    name,
    image: images[behaviour],
    // pause ends at once when it is only asked for its version or does not know the option.
    ...(behaviour === 'crashes' ? { command: ['/pause', '-v'] } : {}),
    env: [
      { name: 'VERSION', value: version },
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
      metadata,
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
        replicas: 1,
        selector: { matchLabels: { 'app.kubernetes.io/name': name } },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: name,
            terminationGracePeriodSeconds: 1,
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

orchestratorContract('kubernetes', () => ({
  target: kubernetesOrchestrator(client, { holder: 'contract@test' }),
  environment: (suffix) => `berth-test-${suffix}-${run}`,
  objects: (environment, services) => [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: environment,
        labels: {
          'app.kubernetes.io/managed-by': 'berth',
          'pod-security.kubernetes.io/enforce': 'restricted',
        },
      },
    },
    ...Object.entries(services).flatMap(([name, each]) => service(environment, name, each)),
  ],
  fingerprint: async (_environment, objects) => {
    // A Deployment's own controller goes on writing its status for a moment; its generation shows what was asked for.
    const live = await Promise.all(objects.map((object) => client.get(referenceOf(object))));
    return live
      .map((object) => `${object?.kind} ${object?.metadata.generation ?? object?.metadata.resourceVersion}`)
      .join();
  },
}));
