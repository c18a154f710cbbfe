import { setTimeout as pause } from 'node:timers/promises';
import type { HealthOptions, WorkloadHealth } from '@berth/deploy';
import { dockerName, isSwarmService, type ManifestObject } from '@berth/manifests';
import { UserError } from '@berth/model';
import type { DockerClient } from './docker/client';
import { DockerError } from './docker/errors';
import type { DockerService } from './docker/objects';
import { failure } from './failure';
import { isStuck, judge, type Judgement, type SwarmState } from './health';
import { readState } from './read-state';
import type { RegistryLogins } from './registry-logins';

/** Milliseconds between two looks: Docker tells of no change of a task. */
const lookMs = 500;
/** Milliseconds that a registry which does not answer is waited for. */
const registryMs = 60_000;

/**
 * Waits until the desired services are healthy: as many tasks as are wanted, all of what is asked for now.
 * @throws UserError as soon as one can never be, and when the time is over
 */
export async function watch(
  client: DockerClient,
  environment: string,
  desired: readonly ManifestObject[],
  logins: RegistryLogins,
  { timeoutMs, onHealth, signal }: HealthOptions,
): Promise<void> {
  const names = new Set(
    desired.filter(isSwarmService).map(({ metadata }) => dockerName(environment, metadata.name)),
  );
  const start = Date.now();
  let since: number | undefined;
  const firstSeen = new Map<string, number>();
  const relogged = new Set<string>();
  let told = '';
  for (;;) {
    signal?.throwIfAborted();
    const state = await readState(client, environment);
    const now = client.now().getTime();
    // Docker's clock in headers knows whole seconds.
    since ??= now - 1000;
    const begin = since;
    const judged = state.services
      .filter(({ Spec }) => names.has(Spec.Name))
      .map((service) => judge(service, state, begin, now));
    const found = await Promise.all(judged.map((each) => withImage(client, each, logins, firstSeen)));
    const text = JSON.stringify(
      found.map(({ object, state: health, ready, message }) => [object, health, ready, message]),
    );
    if (text !== told) onHealth?.(found.map(plainHealth));
    told = text;
    const hopeless = found.find((each) => each.state === 'hopeless');
    if (hopeless) throw await failure(client, environment, hopeless, state);
    const missing = [...names].filter((name) => !found.some(({ service }) => service.Spec.Name === name));
    if (missing.length === 0 && found.every((each) => each.state === 'healthy')) return;
    await resume(client, state);
    await logInAgain(client, found, logins, relogged);
    if (Date.now() - start > timeoutMs)
      throw await late(client, environment, found, missing, state, timeoutMs);
    await pause(lookMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

interface Found extends Judgement {
  /** Its image cannot be pulled, and its registry gives it to whoever deploys. */
  isThere?: boolean;
}

/** Docker says the same of an image that is not there and of a registry that is away: the registry is asked. */
async function withImage(
  client: DockerClient,
  judgement: Judgement,
  logins: RegistryLogins,
  firstSeen: Map<string, number>,
): Promise<Found> {
  if (!judgement.lacksImage) return judgement;
  const image = judgement.service.Spec.TaskTemplate.ContainerSpec?.Image ?? '';
  const first = firstSeen.get(image) ?? Date.now();
  firstSeen.set(image, first);
  const why = await whyAbsent(client, image, logins);
  const message = `there is no image ${image}${why.detail}`;
  if (why.surely || Date.now() - first > registryMs) return { ...judgement, state: 'hopeless', message };
  return { ...judgement, isThere: why.isThere, message: `its image cannot be pulled yet${why.detail}` };
}

async function whyAbsent(
  client: DockerClient,
  image: string,
  logins: RegistryLogins,
): Promise<{ surely: boolean; isThere: boolean; detail: string }> {
  try {
    await client.get(`/distribution/${image}/json`, { headers: await logins.headerFor(image) });
    return { surely: false, isThere: true, detail: ', although its registry has it' };
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    const surely =
      // Too many requests pass.
      (error.status < 500 && error.status !== 429) ||
      /manifest unknown|not found|denied|unauthorized|no basic auth/i.test(error.message);
    return { surely, isThere: false, detail: ` (${error.message.trim()})` };
  }
}

/**
 * A service keeps the login of the deploy that changed it last. Where that is not good any more, or there was none, the next
 * tasks get the one of now: it is no part of what is compared.
 */
async function logInAgain(
  client: DockerClient,
  found: readonly Found[],
  logins: RegistryLogins,
  done: Set<string>,
): Promise<void> {
  const lacking = found.filter(({ isThere, service }) => isThere && !done.has(service.ID));
  await Promise.all(
    lacking.map(async ({ service }) => {
      const headers = await logins.headerFor(service.Spec.TaskTemplate.ContainerSpec?.Image ?? '');
      if (await updateAsItIs(client, service, headers)) done.add(service.ID);
    }),
  );
}

/** An update stops at the first failure. What has got over it, with a second try, goes on. */
async function resume(client: DockerClient, state: SwarmState): Promise<void> {
  const stuck = state.services.filter((service) => isStuck(service, state));
  await Promise.all(stuck.map((service) => updateAsItIs(client, service)));
}

/**
 * @param headers without a login, it keeps the one that it has
 * @returns false when it has moved meanwhile: the next look sees how
 */
async function updateAsItIs(
  client: DockerClient,
  { ID, Version, Spec }: DockerService,
  headers: Record<string, string> = {},
): Promise<boolean> {
  try {
    await client.post(`/services/${ID}/update`, { query: { version: Version.Index }, body: Spec, headers });
    return true;
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    return false;
  }
}

async function late(
  client: DockerClient,
  environment: string,
  found: readonly Judgement[],
  missing: readonly string[],
  state: SwarmState,
  timeoutMs: number,
): Promise<UserError> {
  const seconds = Math.round(timeoutMs / 1000);
  const waiting = found.filter((each) => each.state !== 'healthy');
  const [first] = waiting;
  if (!first)
    return new UserError(
      `${environment}: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not there after ${seconds} s.`,
      `Somebody has removed it: nx deploy ${environment}`,
    );
  const all = waiting.map(({ object, message }) => `${object.name} (${message})`).join(', ');
  return failure(
    client,
    environment,
    first,
    state,
    `${environment} is not healthy after ${seconds} s: ${all}`,
  );
}

export function plainHealth({ object, state, ready, wanted, message, pod }: Judgement): WorkloadHealth {
  return { object, state, ready, wanted, message, ...(pod === undefined ? {} : { pod }) };
}
