import { readFileSync } from 'node:fs';
import { UserError } from '@berth/model';

/** What a registry is asked with. */
export type Credentials = { user: string; password: string } | { identityToken: string };

/** Finds the credentials for a registry; undefined: it is asked anonymously. */
export type CredentialSource = (registry: string) => Credentials | undefined;

interface DockerConfig {
  auths?: Record<string, { auth?: string; username?: string; password?: string; identitytoken?: string }>;
}

/**
 * Credentials from the file that `docker login` writes.
 * @param path usually ~/.docker/config.json; a missing file means no credentials
 */
export function credentialsFromDockerConfig(path: string): CredentialSource {
  let config: DockerConfig | undefined;
  return (registry) => {
    config ??= readConfig(path);
    const auths = config.auths ?? {};
    const names = registry === 'docker.io' ? ['https://index.docker.io/v1/', 'docker.io'] : [registry];
    const found = names
      .flatMap((name) => [name, `https://${name}`, `http://${name}`])
      .map((name) => auths[name])
      .find((entry) => entry !== undefined);
    if (!found) return undefined;
    if (found.identitytoken) return { identityToken: found.identitytoken };
    if (found.username !== undefined && found.password !== undefined) {
      return { user: found.username, password: found.password };
    }
    if (!found.auth) return undefined;
    const [user = '', ...password] = Buffer.from(found.auth, 'base64').toString('utf8').split(':');
    return { user, password: password.join(':') };
  };
}

function readConfig(path: string): DockerConfig {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return {};
    throw new UserError(`${path} could not be read: ${(error as Error).message}`, undefined, {
      cause: error,
    });
  }
  try {
    return JSON.parse(text) as DockerConfig;
  } catch (error) {
    throw new UserError(`${path} is no JSON: ${(error as Error).message}`, 'Write it anew: docker login', {
      cause: error,
    });
  }
}
