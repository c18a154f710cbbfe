import { referenceOf, type Change } from '@berth/deploy';
import type { SwarmService } from '@berth/manifests';
import { UserError } from '@berth/model';
import { notDeployed, refuseUnknownService } from '../deployed';
import { idsFor, updateService } from './apply';
import type { DockerClient } from './docker/client';
import { scaledLabel } from './names';
import { readServices } from './observe';
import type { RegistryLogins } from './registry-logins';

/**
 * What it takes to run that many tasks of a service.
 * @param replicas `undefined` gives the number back to deploys
 */
export async function planScale(
  client: DockerClient,
  environment: string,
  service: string,
  replicas: number | undefined,
): Promise<Change[]> {
  const services = await chosen(client, environment, [service]);
  return services.map((live) => {
    if (live.spec.Mode === 'global')
      throw new UserError(
        `${service} runs one task on each node: it has no number of replicas.`,
        `nx status ${environment}`,
      );
    if (live.spec.Container.Mounts.some(({ Type }) => Type === 'volume') && (replicas ?? 0) > 1)
      throw new UserError(
        `${service} has a volume, and on Swarm all of its tasks would have one and the same: it runs once.`,
        `Run it on Kubernetes, or without volumes in its service.json.`,
      );
    const before = live.spec.Replicas;
    const { [scaledLabel]: owned, ...labels } = live.metadata.labels ?? {};
    const after = replicas ?? before;
    const desired: SwarmService = {
      ...live,
      metadata: {
        ...live.metadata,
        labels: replicas === undefined ? labels : { ...labels, [scaledLabel]: String(replicas) },
      },
      spec: { ...live.spec, ...(after === undefined ? {} : { Replicas: after }) },
    };
    const isSame =
      replicas === undefined ? owned === undefined : owned === String(replicas) && before === replicas;
    return {
      action: isSame ? 'same' : 'change',
      object: referenceOf(live),
      fields: before === after ? [] : [{ path: 'spec.Replicas', before, after }],
      ...(isSame
        ? {}
        : {
            reason:
              replicas === undefined
                ? 'the next deploy sets the number of replicas again'
                : 'deploys leave the number alone from now on',
          }),
      desired,
      live,
    };
  });
}

/** What it takes to start every task of these services anew, one after the other. @param at RFC 3339 */
export async function planRestart(
  client: DockerClient,
  environment: string,
  services: readonly string[] | undefined,
  at: string,
): Promise<Change[]> {
  const found = await chosen(client, environment, services);
  // Swarm counts restarts by hand; a time is a number that nobody has had before.
  const number = Math.floor(Date.parse(at) / 1000);
  return found.map((live) => ({
    action: 'change',
    object: referenceOf(live),
    fields: [],
    reason: 'its tasks start anew',
    desired: { ...live, spec: { ...live.spec, ForceUpdate: number } },
    live,
  }));
}

/** Does what was planned. */
export async function adjust(
  client: DockerClient,
  changes: readonly Change[],
  logins: RegistryLogins,
): Promise<void> {
  const services = changes.flatMap(({ action, desired, live }) =>
    action === 'same' || !desired || !live ? [] : [desired as SwarmService],
  );
  const [first] = services;
  if (!first) return;
  const ids = await idsFor(client, first.metadata.namespace ?? '', services);
  await Promise.all(
    services.map(async (service) =>
      updateService(client, service, ids, await logins.headerFor(service.spec.Container.Image)),
    ),
  );
}

/** @throws UserError when the environment is not deployed, or has no such service */
async function chosen(
  client: DockerClient,
  environment: string,
  names: readonly string[] | undefined,
): Promise<SwarmService[]> {
  const services = (await readServices(client, environment)).map(({ service }) => service);
  if (services.length === 0) throw notDeployed(environment);
  refuseUnknownService(environment, names, services.map(({ metadata }) => metadata.name).sort());
  return services.filter(({ metadata }) => names === undefined || names.includes(metadata.name));
}
