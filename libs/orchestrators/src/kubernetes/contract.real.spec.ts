import { resolve } from 'node:path';
import { KubeClient, referenceOf } from '@berth/kube';
import { gatewayContract, orchestratorContract, type ContractSetup } from '../contract';
import { serverPort } from '../contract/server';
import { limitMs } from '../contract/run';
import { nodeImage } from '../contract/testing-node-image';
import { kubernetesOrchestrator } from './orchestrator';
import { testNamespace, testService } from './testing-objects';

const kubeconfig =
  process.env.BERTH_TEST_KUBECONFIG ?? resolve(__dirname, '../../../../deploy/clusters/local/kubeconfig');
const context = process.env.BERTH_TEST_CONTEXT ?? 'berth-local';
const client = KubeClient.from({ kubeconfig, context });
const run = process.pid.toString(36);

let image: string;

beforeAll(async () => {
  image = await nodeImage();
});
/** Of the environments of each suite. Most of it is waiting for pods to end. */
const ends: Promise<void>[] = [];
afterAll(async () => {
  await Promise.all(ends);
  client.close();
}, limitMs);

async function podOf(environment: string, service: string): Promise<string> {
  const labelSelector = `app.kubernetes.io/name=${service}`;
  const { items } = await client.list({
    apiVersion: 'v1',
    kind: 'Pod',
    namespace: environment,
    labelSelector,
  });
  const pod = items.find(({ metadata }) => !metadata.deletionTimestamp);
  if (!pod) throw new Error(`${environment} has no pod of ${service}`);
  return pod.metadata.name;
}

const setup = (): ContractSetup & { gateway: string } => ({
  target: kubernetesOrchestrator(client, { holder: 'contract@test' }),
  environment: (suffix) => `berth-test-${suffix}-${run}`,
  objects: (environment, services) => [
    testNamespace(environment),
    ...Object.entries(services).flatMap(([name, each]) => testService(environment, name, each, image)),
  ],
  fingerprint: async (_environment, objects) => {
    // A Deployment's own controller goes on writing its status for a moment; its generation shows what was asked for.
    const live = await Promise.all(objects.map((object) => client.get(referenceOf(object))));
    return live
      .map((object) => `${object?.kind} ${object?.metadata.generation ?? object?.metadata.resourceVersion}`)
      .join();
  },
  admin: `berth-test-admin-${run}`,
  words: {
    workload: (service) => `Deployment/${service}`,
    home: 'Namespace',
    replicas: 'spec.replicas',
    noImage: /ErrImagePull|ImagePullBackOff/,
    part: /pod: one-/,
    secret: () => 'berth-secrets',
  },
  address: (service, environment) =>
    environment === undefined ? `http://${service}` : `http://${service}.${environment}`,
  ask: async (environment, service, path) =>
    client.askPod(environment, await podOf(environment, service), { port: serverPort, path }),
  kill: async (environment, service) => {
    // It ends before it answers.
    await client
      .askPod(environment, await podOf(environment, service), {
        port: serverPort,
        path: '/exit',
        onceWithinMs: 1000,
      })
      .catch(() => undefined);
  },
  endLater: (end) => {
    ends.push(end);
    // It is told of at the end.
    end.catch(() => undefined);
  },
  // That of the cluster.
  gateway: 'http://gateway.admin',
});

orchestratorContract('kubernetes', setup, {}, { atOnce: true });
gatewayContract('kubernetes', setup);
