import { homedir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { certificatesIn, DockerCredentials, HttpRegistry, type HttpRegistryOptions } from '@berth/registry';
import type { BerthOptions } from '../options';

/**
 * Asks registries as docker and podman on this machine do: with their logins, and the certificates they trust.
 * @param print told of each repetition
 * @param patience other than usual
 */
export function openRegistry(
  { insecureRegistries }: Pick<BerthOptions, 'insecureRegistries'>,
  print: (line: string) => void,
  patience: Pick<HttpRegistryOptions, 'tries' | 'timeoutMs'> = {},
): HttpRegistry {
  const { DOCKER_CONFIG, XDG_CONFIG_HOME, NODE_EXTRA_CA_CERTS } = process.env;
  const docker = DOCKER_CONFIG || join(homedir(), '.docker');
  const configuration = XDG_CONFIG_HOME || join(homedir(), '.config');
  return new HttpRegistry({
    credentials: new DockerCredentials(join(docker, 'config.json'), new ProcessRunner()),
    certificates: certificatesIn(
      [
        join(configuration, 'containers/certs.d'),
        // Docker's without root.
        join(configuration, 'docker/certs.d'),
        '/etc/containers/certs.d',
        '/etc/docker/certs.d',
      ],
      NODE_EXTRA_CA_CERTS,
    ),
    insecureRegistries,
    ...patience,
    onRetry: (message) => print(`registry: ${message}`),
  });
}
