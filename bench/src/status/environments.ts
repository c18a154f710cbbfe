import { setTimeout as delay } from 'node:timers/promises';
import { renderObjects, type KubernetesObject } from '@berth/manifests';
import type { KubeClient } from '@berth/kube';
import {
  parseEnvironment,
  parseService,
  resolveEnvironment,
  type Environment,
  type Service,
} from '@berth/model';
import { kubernetesOrchestrator } from '@berth/orchestrators';
import { eachAtOnce } from '../each-at-once';

/** Services of an environment. */
export const SERVICES = 25;
/** Requests at a time. */
const AT_ONCE = 32;
/** Milliseconds between two looks. */
const LOOK_MS = 2000;
/** Milliseconds in which all pods must have come. */
const READY_MS = 900_000;

export const environmentFile = { orchestrator: 'kubernetes', cluster: 'bench', projects: ['service-*'] };
export const serviceNames = Array.from({ length: SERVICES }, (_, index) => `service-${index + 1}`);
export const serviceFile = {
  image: 'registry.invalid/app:1',
  ports: [{ name: 'http', port: 8080 }],
  health: { path: '/healthz' },
};

/**
 * Makes environments as deploys have left them, with a record each, and waits until all of their services are ready.
 * They are not deployed one after the other, and have no Services, which no status reads: that would take most of the
 * benchmark's time.
 */
export async function makeEnvironments(client: KubeClient, names: readonly string[]): Promise<void> {
  await eachAtOnce(names, AT_ONCE, async (name) => {
    const environment = parseEnvironment(
      JSON.stringify(environmentFile),
      { name, root: `deploy/environments/${name}` },
      { domain: 'localhost' },
    );
    const services = serviceNames.map((service) =>
      parseService(JSON.stringify(serviceFile), `apps/${service}/service.json`, service),
    );
    await makeEnvironment(client, environment, resolveEnvironment(environment, services));
  });
  const limit = Date.now() + READY_MS;
  while ((await readyDeployments(client)) < names.length * SERVICES) {
    if (Date.now() > limit) throw new Error(`not all services are ready after ${READY_MS / 1000} s`);
    await delay(LOOK_MS);
  }
}

async function makeEnvironment(
  client: KubeClient,
  environment: Environment,
  services: readonly Service[],
): Promise<void> {
  const objects = renderObjects(environment, services, { registry: '' });
  for (const object of objects.filter(({ kind }) => kind !== 'Service'))
    await client.create(object, { fieldManager: 'berth' });
  const now = new Date().toISOString();
  await kubernetesOrchestrator(client).writeRecord(environment.name, {
    author: 'bench@localhost',
    startedAt: now,
    finishedAt: now,
    images: Object.fromEntries(services.map(({ name, image = '' }) => [name, image])),
    outcome: 'succeeded',
    changes: objects.map(
      ({ kind, metadata }: KubernetesObject) => `create ${kind.toLowerCase()}/${metadata.name}`,
    ),
    set: '',
    objects,
  });
}

async function readyDeployments(client: KubeClient): Promise<number> {
  const { items } = await client.list({ apiVersion: 'apps/v1', kind: 'Deployment' });
  return items.filter(
    ({ status }) => (status as { availableReplicas?: number } | undefined)?.availableReplicas === 1,
  ).length;
}
