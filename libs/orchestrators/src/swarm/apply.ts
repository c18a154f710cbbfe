import { nameOf, type ApplyOptions, type Change } from '@berth/deploy';
import {
  dockerName,
  isSwarmService,
  SHARED_NETWORK,
  type ManifestObject,
  type SwarmService,
} from '@berth/manifests';
import { UserError } from '@berth/model';
import type { DockerClient } from './docker/client';
import { DockerError, isTaken } from './docker/errors';
import type { DockerService } from './docker/objects';
import { writeMark } from './mark';
import { readServices, listNetworks } from './observe';
import type { RegistryLogins } from './registry-logins';
import { readSecretVersions } from './secret-versions';
import { toDocker, type Ids } from './to-docker';
import { makeVolumes } from './volumes';

/** Swarm itself counts a service's version up, while it updates it. */
const attempts = 8;

/** Applies a plan, wave after wave; what is in one wave at the same time. */
export async function apply(
  client: DockerClient,
  environment: string,
  waves: readonly (readonly Change[])[],
  logins: RegistryLogins,
  { onWriting, onApplied, onNotice }: Omit<ApplyOptions, 'desired'>,
): Promise<void> {
  if (waves.length > 0) onWriting?.();
  for (const wave of waves) {
    const services = wave.flatMap(({ desired }) => (desired && isSwarmService(desired) ? [desired] : []));
    const ids = services.length > 0 ? await idsFor(client, environment, services) : undefined;
    await Promise.all(
      wave.map(async (change) => {
        await applyOne(client, environment, change, { ids, logins, onNotice });
        onApplied?.(change);
      }),
    );
  }
}

async function applyOne(
  client: DockerClient,
  environment: string,
  { action, object, desired, live }: Change,
  {
    ids,
    logins,
    onNotice,
  }: { ids: Ids | undefined; logins: RegistryLogins; onNotice?: ApplyOptions['onNotice'] },
): Promise<void> {
  if (!desired) return;
  if (object.kind === 'Environment') return writeMark(client, environment, desired.metadata.labels ?? {});
  if (object.kind === 'Network')
    return makeNetwork(client, environment, desired, action === 'recreate' ? live : undefined);
  if (!isSwarmService(desired) || !ids) throw new Error(`${nameOf(object)} is nothing that a Swarm has`);
  await makeVolumes(client, desired, logins, onNotice);
  if (action === 'recreate' && live) await client.delete(`/services/${live.metadata['id']}`);
  const auth = await logins.headerFor(desired.spec.Container.Image);
  if (action === 'change') await updateService(client, desired, ids, auth);
  else await createService(client, desired, ids, auth);
}

async function createService(
  client: DockerClient,
  desired: SwarmService,
  ids: Ids,
  headers: Record<string, string>,
): Promise<void> {
  try {
    await client.post('/services/create', { body: toDocker(desired, ids), headers });
  } catch (error) {
    // It may be ours, by a try whose answer was lost, or by a deploy that was interrupted: then it is brought up to date.
    if (!(error instanceof DockerError && isTaken(error))) throw refused(desired, error);
    await updateService(client, desired, ids, headers);
  }
}

/** @throws UserError when Docker refuses it */
export async function updateService(
  client: DockerClient,
  desired: SwarmService,
  ids: Ids,
  headers: Record<string, string>,
): Promise<void> {
  const spec = toDocker(desired, ids);
  for (let attempt = 1; ; attempt++) {
    const { ID, Version } = await client.get<DockerService>(`/services/${encodeURIComponent(spec.Name)}`);
    try {
      await client.post(`/services/${ID}/update`, { query: { version: Version.Index }, body: spec, headers });
      return;
    } catch (error) {
      const isLate = error instanceof DockerError && /out of sequence/.test(error.message);
      if (!isLate || attempt === attempts) throw refused(desired, error);
    }
  }
}

function refused({ metadata }: SwarmService, error: unknown): unknown {
  if (!(error instanceof DockerError)) return error;
  return new UserError(
    `Docker does not take service/${metadata.name}: ${error.message}`,
    'Mend what it names in service.json or env.json, then run the same command again.',
    { cause: error },
  );
}

async function makeNetwork(
  client: DockerClient,
  environment: string,
  { metadata, spec }: ManifestObject,
  old: ManifestObject | undefined,
): Promise<void> {
  if (old) await client.delete(`/networks/${old.metadata['id']}`);
  await createNetwork(client, dockerName(environment, metadata.name), metadata.labels ?? {}, spec as object);
}

async function createNetwork(
  client: DockerClient,
  name: string,
  labels: Record<string, string>,
  spec: object = { Driver: 'overlay', Attachable: true },
): Promise<void> {
  try {
    await client.post('/networks/create', {
      body: { Name: name, CheckDuplicate: true, Labels: labels, ...spec },
    });
  } catch (error) {
    if (!(error instanceof DockerError && isTaken(error))) throw error;
  }
}

/** The ids of what these services name; makes the network that environments share where it is not there yet. */
export async function idsFor(
  client: DockerClient,
  environment: string,
  services: readonly SwarmService[],
): Promise<Ids> {
  let networks = await listNetworks(client);
  const shares = services.some(({ spec }) => spec.Networks.some(({ name }) => name === SHARED_NETWORK));
  if (shares && !networks.some(({ Name }) => Name === SHARED_NETWORK)) {
    await createNetwork(client, SHARED_NETWORK, { 'app.kubernetes.io/managed-by': 'berth' });
    networks = await listNetworks(client);
  }
  const versions = await readSecretVersions(client, environment);
  return {
    networks: new Map(networks.map(({ Id, Name }) => [Name, Id])),
    secrets: new Map(versions.map(({ id, name }) => [name, id])),
  };
}

/** Removes what the set no longer has. */
export async function prune(
  client: DockerClient,
  environment: string,
  changes: readonly Change[],
): Promise<void> {
  const goes = changes.filter(({ action }) => action === 'prune');
  await Promise.all(goes.map(({ live }) => client.delete(`/services/${live?.metadata['id']}`)));
  await pruneSecrets(client, environment);
}

/** Removes earlier versions of secrets that no service has any more. Docker keeps what one has. */
export async function pruneSecrets(client: DockerClient, environment: string): Promise<void> {
  const [versions, services] = await Promise.all([
    readSecretVersions(client, environment),
    readServices(client, environment),
  ]);
  const used = new Set(
    services.flatMap(({ service }) => service.spec.Container.Secrets.map(({ version }) => version)),
  );
  const newest = new Map(versions.map((version) => [version.key, version.name]));
  const old = versions.filter(({ key, name }) => newest.get(key) !== name && !used.has(name));
  await Promise.allSettled(old.map(({ id }) => client.delete(`/secrets/${id}`)));
}
