import { setTimeout as delay } from 'node:timers/promises';
import { renderObjects, type KubernetesObject } from '@berth/manifests';
import type { KubeClient } from '@berth/kube';
import { parseEnvironment, parseService, resolveEnvironment } from '@berth/model';
import { kubernetesOrchestrator } from '@berth/orchestrators';
import { eachAtOnce } from '../each-at-once';

/** Requests at a time. */
const AT_ONCE = 32;
/** Milliseconds between two looks. */
const LOOK_MS = 2000;
/** Milliseconds in which all pods must have come. */
const READY_MS = 900_000;

export const environmentFile = { orchestrator: 'kubernetes', cluster: 'bench', projects: ['service-*'] };

/** What every environment is made of. */
export interface EnvironmentContent {
  /** The service.json of each, by its name. */
  services: Readonly<Record<string, object>>;
  author: string;
  commit?: string;
  /** `false`: the objects of the kind Service are left out, as what nobody reads; making them takes minutes. */
  hasServices?: boolean;
}

/**
 * Makes environments as deploys have left them, with a record each, and waits until all services of the cluster are
 * ready. They are not deployed one after the other, which would take most of a benchmark's time.
 */
export async function makeEnvironments(
  client: KubeClient,
  names: readonly string[],
  content: EnvironmentContent,
): Promise<void> {
  await eachAtOnce(names, AT_ONCE, (name) => makeEnvironment(client, name, content));
  const limit = Date.now() + READY_MS;
  while (!(await areReady(client, names.length * Object.keys(content.services).length))) {
    if (Date.now() > limit) throw new Error(`not all services are ready after ${READY_MS / 1000} s`);
    await delay(LOOK_MS);
  }
}

/** Makes one, and waits for nothing. */
export async function makeEnvironment(
  client: KubeClient,
  name: string,
  { services: files, author, commit, hasServices = true }: EnvironmentContent,
): Promise<void> {
  const environment = parseEnvironment(
    JSON.stringify(environmentFile),
    { name, root: `deploy/environments/${name}` },
    { domain: 'localhost' },
  );
  const services = resolveEnvironment(
    environment,
    Object.entries(files).map(([service, file]) =>
      parseService(JSON.stringify(file), `apps/${service}/service.json`, service),
    ),
  );
  const objects = renderObjects(environment, services, { registry: '' });
  for (const object of objects.filter(({ kind }) => hasServices || kind !== 'Service'))
    await client.create(object, { fieldManager: 'berth' });
  const now = new Date().toISOString();
  await kubernetesOrchestrator(client).writeRecord(name, {
    author,
    ...(commit ? { commit } : {}),
    startedAt: now,
    finishedAt: now,
    images: Object.fromEntries(services.map((service) => [service.name, service.image ?? ''])),
    outcome: 'succeeded',
    changes: objects.map(
      ({ kind, metadata }: KubernetesObject) => `create ${kind.toLowerCase()}/${metadata.name}`,
    ),
    set: '',
    objects,
  });
}

async function areReady(client: KubeClient, services: number): Promise<boolean> {
  const { items } = await client.list({ apiVersion: 'apps/v1', kind: 'Deployment' });
  const ready = items.filter(
    ({ status }) => (status as { availableReplicas?: number } | undefined)?.availableReplicas === 1,
  );
  return ready.length >= services;
}
