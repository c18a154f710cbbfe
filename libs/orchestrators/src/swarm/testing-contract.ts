import { isSwarmService, renderSwarmObjects, type ManifestObject } from '@berth/manifests';
import { testEnvironment, testServices } from '@berth/manifests/src/testing-models';
import type { HttpRegistry } from '@berth/registry';
import type { ContractService, ContractServices, ContractSetup } from '../contract/setup';
import { serverPort, serverProgram } from '../contract/server';
import { readState } from './read-state';
import { SwarmOrchestrator } from './orchestrator';
import { testRendering } from './testing-models';
import { askTask, taskContainer } from './testing-tasks';
import type { TestSwarm } from './testing-swarm';

/** What the suites of all orchestrators must know of a Swarm. @param node image of Node */
export function swarmContractSetup(
  swarm: Pick<TestSwarm, 'client'>,
  node: string,
  registry: Pick<HttpRegistry, 'commandOf'>,
): ContractSetup {
  return {
    target: new SwarmOrchestrator(swarm.client, {
      holder: 'contract@test',
      command: (image) => registry.commandOf(image),
    }),
    environment: (suffix) => suffix,
    admin: 'admin',
    objects: (environment, services) => objectsOf(node, environment, services),
    fingerprint: async (environment, objects) => {
      const { services } = await readState(swarm.client, environment);
      const asked = objects.filter(isSwarmService).map(({ metadata }) => `${environment}_${metadata.name}`);
      return services
        .filter(({ Spec }) => asked.includes(Spec.Name))
        .map(({ Spec, ID }) => JSON.stringify([ID, Spec]))
        .sort()
        .join();
    },
    words: {
      workload: (service) => `Service/${service}`,
      home: 'Environment',
      replicas: 'spec.Replicas',
      noImage: /there is no image/,
      part: /task: one\.1\./,
      secret: (key) => key,
    },
    address: (service, environment) =>
      `http://${service}${environment === undefined ? '' : `.${environment}`}:${serverPort}`,
    ask: (environment, service, path) =>
      askTask(swarm.client, environment, service, `http://127.0.0.1:${serverPort}${path}`),
    kill: async (environment, service) => {
      await swarm.client.post(`/containers/${await taskContainer(swarm.client, environment, service)}/kill`);
    },
  };
}

function documentOf(node: string, environment: string, name: string, service: ContractService): object {
  const { behaviour, version = '1', secret, replicas = 1 } = service;
  const common = {
    env: { VERSION: version, SELF: `${environment}/${name}` },
    resources: { cpu: '5m', memory: '96Mi' },
    scale: { min: replicas },
    ...(secret === undefined ? {} : { secrets: [secret] }),
  };
  if (behaviour === 'runs') return { ...common, image: 'localhost:5000/pause:3.10.1' };
  if (behaviour === 'crashes') {
    const command = ['/bin/sh', '-c', 'echo the store is shut; exit 3'];
    return { ...common, image: 'localhost:5000/local-path-helper:v0.0.30', command };
  }
  if (behaviour === 'image-missing') return { ...common, image: 'localhost:5000/berth-test/not-there:1' };
  return {
    ...common,
    image: node,
    command: ['node', '-e', serverProgram],
    ports: [{ name: 'http', port: serverPort, public: true }],
    health: { path: behaviour === 'sick' ? '/sick' : '/', startSeconds: 30 },
  };
}

function objectsOf(node: string, environment: string, services: ContractServices): ManifestObject[] {
  const parsed = testEnvironment({ orchestrator: 'swarm', projects: ['*'] }, environment);
  const documents = Object.entries(services).map(([name, service]) => [
    name,
    documentOf(node, environment, name, service),
  ]);
  return renderSwarmObjects(parsed, testServices(parsed, Object.fromEntries(documents)), testRendering);
}
