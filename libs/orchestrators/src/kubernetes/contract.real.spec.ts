import { resolve } from 'node:path';
import { KubeClient, referenceOf } from '@berth/kube';
import { orchestratorContract } from '../contract';
import { kubernetesOrchestrator } from './orchestrator';
import { testNamespace, testService } from './testing-objects';

const kubeconfig =
  process.env.BERTH_TEST_KUBECONFIG ?? resolve(__dirname, '../../../../deploy/clusters/local/kubeconfig');
const context = process.env.BERTH_TEST_CONTEXT ?? 'berth-local';
const client = KubeClient.from({ kubeconfig, context });
const run = process.pid.toString(36);

afterAll(() => client.close());

orchestratorContract('kubernetes', () => ({
  target: kubernetesOrchestrator(client, { holder: 'contract@test' }),
  environment: (suffix) => `berth-test-${suffix}-${run}`,
  objects: (environment, services) => [
    testNamespace(environment),
    ...Object.entries(services).flatMap(([name, each]) => testService(environment, name, each)),
  ],
  fingerprint: async (_environment, objects) => {
    // A Deployment's own controller goes on writing its status for a moment; its generation shows what was asked for.
    const live = await Promise.all(objects.map((object) => client.get(referenceOf(object))));
    return live
      .map((object) => `${object?.kind} ${object?.metadata.generation ?? object?.metadata.resourceVersion}`)
      .join();
  },
}));
