import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { referenceOf, type Change, type SecretEdit, type SecretEntry } from '@berth/deploy';
import { isSwarmService, SWARM_API, type ManifestObject, type SwarmService } from '@berth/manifests';
import { UserError } from '@berth/model';
import { refuseAbsent, refuseUnasked } from '../secret-names';
import { adjust } from './adjust';
import { pruneSecrets } from './apply';
import type { DockerClient } from './docker/client';
import { kinds, labelsOf } from './names';
import { readServices } from './observe';
import type { RegistryLogins } from './registry-logins';
import {
  newestOf,
  readSecretVersions,
  secretLabels,
  versionName,
  type SecretVersion,
} from './secret-versions';

/** Docker's limit for one secret (swarmkit, api/validation). */
const mostBytes = 500 * 1024;
/** Linux' limit for one variable, `NAME=value` with the byte that ends it (MAX_ARG_STRLEN). */
const variableBytes = 131_072;

/** All that are set or asked for, sorted by name. */
export async function secrets(
  client: DockerClient,
  environment: string,
  desired: readonly ManifestObject[],
): Promise<SecretEntry[]> {
  const { newest, users } = await read(client, environment, desired);
  const names = [...new Set([...newest.keys(), ...users.keys()])].sort();
  return names.map((name): SecretEntry => {
    const labels = newest.get(name)?.labels;
    const at = labels?.[secretLabels.setAt];
    const by = labels?.[secretLabels.setBy];
    return {
      name,
      isSet: labels !== undefined,
      ...(at === undefined ? {} : { setAt: at }),
      ...(by === undefined ? {} : { setBy: by }),
      usedBy: [...(users.get(name) ?? [])].sort(),
    };
  });
}

/**
 * What it takes to set and remove these, and to start those tasks anew that run with an earlier value. No value is part
 * of the plan. A value that is there already is known by a salted, slow hash: Docker gives no value out.
 * @throws UserError for a name that nobody asks for, a value that no task could have, and one that is still in use
 */
export async function planSecrets(
  client: DockerClient,
  environment: string,
  desired: readonly ManifestObject[],
  { values, restart }: SecretEdit,
): Promise<Change[]> {
  const { newest, users, live } = await read(client, environment, desired);
  for (const [name, value] of values) {
    if (value === undefined) refuseKept(environment, name, newest, live);
    else {
      refuseUnasked(environment, name, [...users.keys()]);
      refuseUnfit(name, value);
    }
  }
  const next = new Map<string, string>();
  const changes = [...values].map(([name, value]): Change => {
    const version = newest.get(name);
    const isSame = value !== undefined && version !== undefined && isValueOf(version, value);
    const number = (version?.number ?? 0) + (isSame ? 0 : 1);
    if (value !== undefined) next.set(name, versionName(environment, name, number));
    return {
      action: isSame ? 'same' : value === undefined ? 'prune' : version ? 'change' : 'create',
      object: { apiVersion: SWARM_API, kind: 'Secret', name, namespace: environment },
      fields: [],
      ...(isSame
        ? {}
        : { reason: value === undefined ? `removes ${name}` : `sets ${name}, version ${number}` }),
    };
  });
  if (!restart) return changes;
  const rolled = live.flatMap((service): Change[] => {
    const with_ = withVersions(service, next);
    if (with_ === service) return [];
    return [
      {
        action: 'change',
        object: referenceOf(service),
        fields: [],
        reason: 'its tasks start anew',
        desired: with_,
        live: service,
      },
    ];
  });
  return [...changes, ...rolled];
}

/** Does what was planned. The values are only here. */
export async function applySecrets(
  client: DockerClient,
  environment: string,
  { values, author }: SecretEdit,
  changes: readonly Change[],
  logins: RegistryLogins,
): Promise<void> {
  const versions = await readSecretVersions(client, environment);
  for (const { action, object } of changes) {
    if (object.kind !== 'Secret' || action === 'same') continue;
    const value = values.get(object.name);
    const own = versions.filter(({ key }) => key === object.name);
    if (value === undefined) await Promise.all(own.map(({ id }) => client.delete(`/secrets/${id}`)));
    else
      await createVersion(client, environment, {
        key: object.name,
        value,
        author,
        number: (own.at(-1)?.number ?? 0) + 1,
      });
  }
  await adjust(client, changes, logins);
  await pruneSecrets(client, environment);
}

async function createVersion(
  client: DockerClient,
  environment: string,
  { key, value, author, number }: { key: string; value: Buffer; author: string; number: number },
): Promise<void> {
  await client.post('/secrets/create', {
    body: {
      Name: versionName(environment, key, number),
      Labels: {
        ...labelsOf(environment, kinds.secret),
        [secretLabels.key]: key,
        [secretLabels.setAt]: client.now().toISOString(),
        [secretLabels.setBy]: author,
        [secretLabels.fingerprint]: fingerprint(value),
      },
      Data: value.toString('base64'),
    },
  });
}

async function read(client: DockerClient, environment: string, desired: readonly ManifestObject[]) {
  const [versions, services] = await Promise.all([
    readSecretVersions(client, environment),
    readServices(client, environment),
  ]);
  const live = services.map(({ service }) => service);
  const users = new Map<string, Set<string>>();
  for (const { metadata, spec } of [...desired.filter(isSwarmService), ...live]) {
    for (const { name } of spec.Container.Secrets)
      users.set(name, (users.get(name) ?? new Set()).add(metadata.name));
  }
  return { newest: newestOf(versions), users, live };
}

/** The same service where it has none of these, or has them already. */
function withVersions(service: SwarmService, versions: ReadonlyMap<string, string>): SwarmService {
  const { Container: container } = service.spec;
  const isOld = container.Secrets.some(({ name, version }) => (versions.get(name) ?? version) !== version);
  if (!isOld) return service;
  const Secrets = container.Secrets.map((secret) => ({
    ...secret,
    version: versions.get(secret.name) ?? secret.version ?? '',
  }));
  return { ...service, spec: { ...service.spec, Container: { ...container, Secrets } } };
}

/** `<salt>.<hash>`, by scrypt with Node's usual cost: who reads it must guess the value slowly. */
function fingerprint(value: Buffer, salt = randomBytes(16)): string {
  return `${salt.toString('base64url')}.${scryptSync(value, salt, 32).toString('base64url')}`;
}

function isValueOf({ labels }: SecretVersion, value: Buffer): boolean {
  const [salt = '', hash = ''] = (labels[secretLabels.fingerprint] ?? '').split('.');
  const [, own = ''] = fingerprint(value, Buffer.from(salt, 'base64url')).split('.');
  return own.length === hash.length && timingSafeEqual(Buffer.from(own), Buffer.from(hash));
}

function refuseKept(
  environment: string,
  name: string,
  newest: ReadonlyMap<string, SecretVersion>,
  live: readonly SwarmService[],
): void {
  refuseAbsent(environment, name, [...newest.keys()]);
  const users = live.filter(({ spec }) => spec.Container.Secrets.some((secret) => secret.name === name));
  if (users.length === 0) return;
  const names = users.map(({ metadata }) => metadata.name).join(', ');
  throw new UserError(
    `${name} cannot be removed from ${environment}: ${names} ${users.length === 1 ? 'has' : 'have'} it, and Docker keeps a secret that a service has.`,
    `Take it out of "secrets" in service.json or env.json, then: nx deploy ${environment}`,
  );
}

/** @throws UserError for what cannot be a variable: tasks would not start. The value is not shown. */
function refuseUnfit(name: string, value: Buffer): void {
  const problem = value.includes(0)
    ? 'it has a zero byte in it'
    : value.length + name.length + 2 > variableBytes
      ? `it has ${value.length} bytes, and Linux takes ${variableBytes} for a variable and its name`
      : value.length > mostBytes
        ? `it has ${value.length} bytes, and Docker takes ${mostBytes}`
        : undefined;
  if (problem === undefined) return;
  throw new UserError(
    `The value for ${name} cannot be a variable of a container: ${problem}. Nothing was changed.`,
    `Encode it, and let the service decode it: base64 --wrap=0 < file | nx secret … --name=${name}`,
  );
}
