import { dockerName } from '@berth/manifests';
import type { DockerClient } from './docker/client';
import type { DockerConfig } from './docker/objects';
import { kinds, ofEnvironmentQuery } from './names';

/** On a secret: its key, and who set it when, and a salted hash of the value. */
export const secretLabels = {
  key: 'berth.dev/secret',
  setAt: 'berth.dev/set-at',
  setBy: 'berth.dev/set-by',
  fingerprint: 'berth.dev/fingerprint',
} as const;

/** One value that a key has or had. Docker never gives it out. */
export interface SecretVersion {
  key: string;
  number: number;
  /** Docker's name: `<environment>_<key>.<number>`. */
  name: string;
  id: string;
  labels: Readonly<Record<string, string>>;
}

/** All versions of an environment's secrets, those of a key by their numbers. */
export async function readSecretVersions(
  client: DockerClient,
  environment: string,
): Promise<SecretVersion[]> {
  const secrets = await client.get<DockerConfig[]>('/secrets', {
    query: ofEnvironmentQuery(environment, kinds.secret),
  });
  return secrets
    .map(({ ID, Spec: { Name, Labels = {} } }) => ({
      key: Labels[secretLabels.key] ?? '',
      number: Number(Name.slice(Name.lastIndexOf('.') + 1)),
      name: Name,
      id: ID,
      labels: Labels,
    }))
    .sort((one, other) => one.number - other.number);
}

/** By key, the newest version. */
export function newestOf(versions: readonly SecretVersion[]): Map<string, SecretVersion> {
  return new Map(versions.map((version) => [version.key, version]));
}

export function versionName(environment: string, key: string, number: number): string {
  return dockerName(environment, `${key}.${number}`);
}
