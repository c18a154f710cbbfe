import type { TargetConfiguration } from '@nx/devkit';
import { baseImagesFile } from '../image/base-images';

type Targets = Record<string, TargetConfiguration>;

/** One line about a target, shown by `nx show project`. */
const described = (description: string) => ({ description, technologies: ['berth'] });

/**
 * The targets of a project that becomes an image. They share one executor that goes up to its step, with no
 * dependsOn among them: a chain would build before it asks the registry.
 * @param inputs a named input of the workspace
 * @param fromOutside whether it stands on an image from outside, so that another digest of one affects it
 */
export function imageTargets(inputs: string, fromOutside: boolean): Targets {
  const target = (until: string, description: string): TargetConfiguration => ({
    executor: '@berth/nx:image',
    options: { until },
    // The registry decides whether there is anything to do; a local cache cannot know what it holds.
    cache: false,
    inputs: [inputs, `^${inputs}`, ...(fromOutside ? [`{workspaceRoot}/${baseImagesFile}`] : [])],
    metadata: described(description),
  });
  return {
    'docker-build': target('build', 'Builds the image unless the registry has it'),
    'docker-test': target('test', 'Builds the image and starts it to see that it is well'),
    'docker-push': target('push', 'Builds, tests and pushes the image unless the registry has it'),
  };
}

/** The targets of an environment. */
export function environmentTargets(): Targets {
  const target = (name: string, description: string): TargetConfiguration => ({
    executor: `@berth/nx:${name}`,
    cache: false,
    metadata: described(description),
  });
  return {
    deploy: target('deploy', 'Brings the environment to what the workspace says'),
    diff: target('diff', 'Shows what a deploy would change'),
    status: target('status', 'Shows what runs and how well'),
    history: target('history', 'Shows the deploys that the environment remembers'),
    rollback: target('rollback', 'Brings an earlier deploy back'),
    scale: target('scale', 'Sets how many replicas of a service run'),
    restart: target('restart', 'Starts the pods of services anew, a few at a time'),
    secret: target('secret', 'Sets, removes or lists secrets; a value comes from standard input'),
    logs: target('logs', 'Shows what the services put out'),
    routes: target('routes', 'Shows the routes that the gateway serves, and what it refuses'),
    destroy: target('destroy', 'Lists and deletes everything of the environment'),
  };
}

/** The targets of a cluster. */
export function clusterTargets(): Targets {
  const target = (name: string, description: string): TargetConfiguration => ({
    executor: `@berth/nx:cluster-${name}`,
    cache: false,
    parallelism: false,
    metadata: described(description),
  });
  return {
    create: target('create', 'Creates what is missing of the cluster'),
    credentials: target('credentials', "Writes the cluster's kubeconfig"),
    status: {
      ...target('status', 'Shows what the cluster is, where its gateway answers, and the DNS records for it'),
      parallelism: true,
    },
    resize: target('resize', 'Changes how many nodes the cluster has'),
    'remove-hosts': target('remove-hosts', 'Drains and removes hosts that cluster.json no longer names'),
    stop: target('stop', 'Stops the cluster and keeps its data'),
    destroy: target('destroy', 'Lists and deletes everything of the cluster'),
  };
}

/** The targets of the workspace as a whole. */
export function workspaceTargets(): Targets {
  const target = (executor: string, description: string): TargetConfiguration => ({
    executor: `@berth/nx:${executor}`,
    cache: false,
    // The folder deploy has no file of its own, and Nx cannot hash a project without files.
    inputs: ['{workspaceRoot}/nx.json'],
    metadata: described(description),
  });
  return {
    affected: target('affected', 'Runs targets of what changed since a base, or of everything'),
    clusters: target('clusters', 'Lists the clusters of the workspace, and others that Berth made'),
    destroy: target('destroy-any', 'Destroys an environment without a folder, or every expired one'),
  };
}

/** The same targets for a folder that is wrong: each of them says what is. */
export function invalidTargets(targets: Targets, problem: string): Targets {
  return Object.fromEntries(
    Object.keys(targets).map((name) => [
      name,
      { executor: '@berth/nx:invalid', options: { problem }, cache: false, metadata: described(problem) },
    ]),
  );
}
