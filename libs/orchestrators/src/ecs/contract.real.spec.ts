import { manifestsOf, type ManifestObject } from '@berth/manifests';
import type { Cluster } from '@berth/model';
import { orchestratorContract, type ContractService, type ContractServices } from '../contract';
import { ECS_SERVICE, TASK_DEFINITION } from './kinds';
import { ecsOrchestrator, type EcsOrchestrator } from './orchestrator';
import { testEnvironment, testServices } from './testing-models';
import { invented, Moto, settingsOf } from './testing-moto';

invented();

let moto: Moto;
let cluster: Cluster;
let target: EcsOrchestrator;

beforeAll(async () => {
  moto = await Moto.start();
  cluster = await moto.account('main');
  target = ecsOrchestrator(settingsOf(cluster), { holder: 'contract@test', pollMs: 50 });
}, 300_000);
afterAll(async () => {
  target?.close();
  await moto?.end();
});

const noTasks = 'moto starts no task';
const neverAsked = () => Promise.reject(new Error(noTasks));

function documentOf({ version = '1', secret, replicas = 1 }: ContractService): object {
  return {
    image: 'public.ecr.aws/eks-distro/kubernetes/pause:3.10',
    env: { VERSION: version },
    scale: { min: replicas },
    ...(secret === undefined ? {} : { secrets: [secret] }),
  };
}

function objectsOf(name: string, services: ContractServices): ManifestObject[] {
  const environment = testEnvironment(name);
  const documents = Object.entries(services).map(([service, each]) => [service, documentOf(each)]);
  return manifestsOf(environment).renderObjects(
    environment,
    testServices(environment, Object.fromEntries(documents) as Record<string, object>),
    { registry: '', cluster },
  );
}

/** `one` → `AWS::ECS::Service/OneService`. */
const objectOf = (kind: string, service: string) =>
  `${kind}/${service[0]?.toUpperCase()}${service.slice(1)}${kind.split('::').at(-1)}`;

orchestratorContract(
  'ecs',
  () => ({
    target,
    environment: (suffix) => suffix,
    admin: 'admin',
    objects: objectsOf,
    fingerprint: async (environment) => {
      const cloudFormation = await target['aws'].cloudFormation();
      const StackName = `berth-${environment}`;
      const [{ Stacks }, { TemplateBody }, { services }] = await Promise.all([
        cloudFormation.describeStacks({ StackName }),
        cloudFormation.getTemplate({ StackName }),
        target.observe(environment),
      ]);
      return JSON.stringify([Stacks?.[0]?.LastUpdatedTime, TemplateBody, [...services]]);
    },
    words: {
      workload: (service) => objectOf(ECS_SERVICE, service),
      version: (service) => [objectOf(TASK_DEFINITION, service), objectOf(ECS_SERVICE, service)],
      home: 'Stack',
      replicas: 'Properties.DesiredCount',
      noImage: /CannotPullContainerError/,
      part: /task: [0-9a-f]+/,
      secret: (key) => key,
    },
    address: (service) => `http://${service}`,
    ask: neverAsked,
    kill: neverAsked,
  }),
  { running: noTasks },
);
