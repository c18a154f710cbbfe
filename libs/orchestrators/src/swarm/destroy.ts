import { setTimeout as pause } from 'node:timers/promises';
import type { DestroyOptions, ObjectReference } from '@berth/deploy';
import { ENVIRONMENT_LABEL, SWARM_API } from '@berth/manifests';
import { UserError } from '@berth/model';
import type { DockerClient } from './docker/client';
import { DockerError } from './docker/errors';
import type { DockerConfig } from './docker/objects';
import { acquireLease } from './lease';
import { environmentName, leaseName, ofEnvironmentQuery } from './names';
import { refuseFarVolumes, refuseForeign, refuseForeignStack } from './not-ours';
import { listNetworks, listServices } from './observe';
import { readMark } from './mark';
import { managerNode } from './swarm-state';
import { listVolumes } from './volumes';

/** Milliseconds that tasks may take to end, and let go of volumes and networks. */
const endMs = 120_000;
const lookMs = 250;

/**
 * Everything that would go: all that bears the environment's label, volumes of the node that we talk to too. Empty when
 * there is nothing of it.
 * @throws UserError when Berth did not make all of it, or volumes of it are where this dockerd does not reach
 */
export async function planDestroy(client: DockerClient, environment: string): Promise<ObjectReference[]> {
  const node = await managerNode(client);
  const found = await everything(client, environment);
  await refuseFarVolumes(client, environment, found.services, node);
  const named = (kind: string, names: readonly string[]) =>
    names.map((name): ObjectReference => ({
      apiVersion: SWARM_API,
      kind,
      name: withoutPrefix(environment, name),
      namespace: environment,
    }));
  const objects = [
    ...(found.mark ? [{ apiVersion: SWARM_API, kind: 'Environment', name: environment }] : []),
    ...named(
      'Service',
      found.services.map(({ Spec }) => Spec.Name),
    ),
    ...named(
      'Volume',
      found.volumes.map(({ Name }) => Name),
    ),
    ...named(
      'Network',
      found.networks.map(({ Name }) => Name),
    ),
    ...named(
      'Secret',
      found.secrets.map(({ Spec }) => Spec.Name),
    ),
    ...named(
      'Config',
      found.configs.map(({ Spec }) => Spec.Name).filter((name) => found.mark?.Spec.Name !== name),
    ),
  ].sort((one, other) => rank(one) - rank(other) || (one.name < other.name ? -1 : 1));
  if (objects.length === 0) await refuseForeignStack(client, environment);
  return objects;
}

function rank({ kind }: ObjectReference): number {
  return ['Environment', 'Service', 'Volume', 'Network', 'Secret', 'Config'].indexOf(kind);
}

/**
 * Removes an environment, and waits for its end.
 * @returns false when it stays, since `onlyIf` said so
 */
export async function destroy(
  client: DockerClient,
  environment: string,
  holder: string,
  { onProgress, onlyIf }: DestroyOptions = {},
): Promise<boolean> {
  if ((await planDestroy(client, environment)).length === 0) return true;
  const lease = await acquireLease(client, environment, holder);
  try {
    if (onlyIf && !(await onlyIf())) return false;
    await remove(client.stoppedBy(lease.lost), environment, onProgress);
  } finally {
    await lease.release();
  }
  // The lease is last: until then nobody else begins.
  await client.delete(`/configs/${leaseName(environment)}`);
  return true;
}

async function remove(
  client: DockerClient,
  environment: string,
  onProgress: (message: string) => void = () => undefined,
): Promise<void> {
  const { services, volumes, networks, secrets, configs } = await everything(client, environment);
  await Promise.all(services.map(({ ID }) => client.delete(`/services/${ID}`)));
  if (services.length > 0) onProgress(`Waiting for the tasks of ${services.length} services to end`);
  await Promise.all(volumes.map(({ Name }) => untilGone(client, `/volumes/${Name}`, `volume ${Name}`)));
  await Promise.all(networks.map(({ Id, Name }) => untilGone(client, `/networks/${Id}`, `network ${Name}`)));
  await Promise.all(secrets.map(({ ID }) => untilGone(client, `/secrets/${ID}`, 'secret')));
  // By its mark an expired environment is found again after an interruption: it goes when all else is gone.
  const kept = [environmentName(environment), leaseName(environment)];
  const others = configs.filter(({ Spec }) => !kept.includes(Spec.Name));
  await Promise.all(others.map(({ ID }) => client.delete(`/configs/${ID}`)));
  await client.delete(`/configs/${environmentName(environment)}`);
}

/** Deletes what tasks that are ending may still use. */
async function untilGone(client: DockerClient, path: string, what: string): Promise<void> {
  const limit = Date.now() + endMs;
  for (;;) {
    try {
      // A network is taken away by and by: it is asked for until it is not there any more.
      if (!(await client.delete(path))) return;
    } catch (error) {
      if (!(error instanceof DockerError) || Date.now() > limit)
        throw new UserError(
          `The ${what} could not be removed: ${(error as Error).message}`,
          `See what uses it, end that, then run the same command again: ${client.docker} ps`,
          { cause: error },
        );
    }
    await pause(lookMs);
  }
}

async function everything(client: DockerClient, environment: string) {
  const query = ofEnvironmentQuery(environment);
  const [mark, services, volumes, networks, secrets, configs] = await Promise.all([
    readMark(client, environment),
    listServices(client, environment),
    listVolumes(client, environment),
    listNetworks(client),
    client.get<DockerConfig[]>('/secrets', { query }),
    client.get<DockerConfig[]>('/configs', { query }),
  ]);
  const own = networks.filter(({ Labels }) => Labels?.[ENVIRONMENT_LABEL] === environment);
  const named = [...(mark ? [mark] : []), ...services, ...secrets, ...configs].map(({ Spec }) => Spec);
  refuseForeign(client, environment, [...named, ...own]);
  return { mark, services, volumes, networks: own, secrets, configs };
}

function withoutPrefix(environment: string, name: string): string {
  return name.startsWith(`${environment}_`) ? name.slice(environment.length + 1) : name;
}
