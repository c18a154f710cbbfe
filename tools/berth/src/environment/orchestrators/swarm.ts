import { homedir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { renderStackFile, renderSwarmObjects } from '@berth/manifests';
import { UserError, type Cluster } from '@berth/model';
import { DockerClient, dockerCommand, handedOverToStack, SwarmOrchestrator } from '@berth/orchestrators';
import { DockerCredentials } from '@berth/registry';
import { openRegistry } from '../../image/open-registry';
import type { BerthOptions } from '../../options';
import { readExtras, readPatchNames } from '../../workspace/own-objects';
import { author } from '../author';
import type { Connected, ConnectOptions, OrchestratorAccess } from './access';

export const swarm: OrchestratorAccess = {
  connect: ({ cluster, options: workspace }, _root, options) => connectToSwarm(cluster, workspace, options),

  async desired({ environment, cluster, files, options, services: read }) {
    const services = read();
    const rendering = {
      registry: options.registry,
      extras: readExtras(files, services),
      patches: readPatchNames(files, environment),
      cluster,
    };
    return (images) =>
      renderSwarmObjects(environment, services, { ...rendering, images: new Map(Object.entries(images)) });
  },

  async handOver({ environment, cluster, options }, objects) {
    const registry = openRegistry(options, console.log);
    try {
      const whole = await handedOverToStack(objects, (image) => registry.commandOf(image));
      const header = `Written by \`nx deploy ${environment.name} --write\`. Write it anew instead of editing it.`;
      return {
        files: [renderStackFile(environment, whole, header)],
        command: (folder) => [
          ...dockerOn(cluster),
          ...['stack', 'deploy', '--with-registry-auth', '--resolve-image=never'],
          ...['-c', `${folder}/stack.yaml`, environment.name],
        ],
      };
    } finally {
      registry.close();
    }
  },
};

/** How a person asks the dockerd that a cluster names. */
export function dockerOn({ docker }: Pick<Cluster, 'docker'>): string[] {
  return docker === undefined
    ? ['docker']
    : dockerCommand(docker, process.env['DOCKER_CERT_PATH'] || undefined);
}

/** A client of the dockerd that a cluster names. @throws UserError when it names none */
export function dockerOf(
  { root, docker: address }: Cluster,
  { onRetry = console.log, idleMs }: ConnectOptions = {},
): DockerClient {
  if (address === undefined) {
    throw new UserError(
      `${root}/cluster.json has no "docker": it does not say where dockerd of a Swarm's manager answers.`,
      'For example "docker": "unix:///var/run/docker.sock" for this machine, or "ssh://user@host".',
    );
  }
  const { DOCKER_CERT_PATH } = process.env;
  return new DockerClient({
    address,
    ...(DOCKER_CERT_PATH ? { certificates: DOCKER_CERT_PATH } : {}),
    onRetry,
    ...(idleMs === undefined ? {} : { idleMs }),
  });
}

/** Connects to a Swarm, whatever its environments. @throws UserError when the cluster has none */
export function connectToSwarm(
  cluster: Cluster,
  workspace: Pick<BerthOptions, 'insecureRegistries'>,
  options: ConnectOptions = {},
): Connected {
  const { DOCKER_CONFIG } = process.env;
  const { onRetry = console.log } = options;
  const client = dockerOf(cluster, options);
  const registry = openRegistry(workspace, onRetry);
  const configuration = join(DOCKER_CONFIG || join(homedir(), '.docker'), 'config.json');
  const target = new SwarmOrchestrator(client, {
    holder: author(),
    command: (image) => registry.commandOf(image),
    credentials: new DockerCredentials(configuration, new ProcessRunner()),
  });
  return {
    target,
    close: () => {
      client.close();
      registry.close();
    },
  };
}
