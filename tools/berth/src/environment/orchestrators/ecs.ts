import {
  ENVIRONMENT_TAG,
  LONGEST_TEMPLATE,
  manifestsOf,
  renderTemplateFile,
  stackName,
} from '@berth/manifests';
import { UserError, type Cluster } from '@berth/model';
import { ecsOrchestrator } from '@berth/orchestrators';
import { quietAws } from '../../quiet-aws';
import { readPatchNames } from '../../workspace/own-objects';
import { author } from '../author';
import type { Connected, ConnectOptions, OrchestratorAccess } from './access';

export const ecs: OrchestratorAccess = {
  connect: ({ cluster }, _workspaceRoot, options) => connectToAccount(cluster, options),

  async desired({ environment, cluster, files, options, services: read }) {
    const services = read();
    const { renderObjects } = manifestsOf(environment);
    return (images) =>
      renderObjects(environment, services, {
        registry: options.registry,
        images: new Map(Object.entries(images)),
        patches: readPatchNames(files, environment),
        cluster,
      });
  },

  async handOver({ environment, cluster }, objects) {
    const header = `Written by \`nx deploy ${environment.name} --write\`. Write it anew instead of editing it.`;
    const template = renderTemplateFile(objects, header);
    const { profile, region, templateBucket } = cluster.ecs ?? {};
    const isLong = Buffer.byteLength(template.content) > LONGEST_TEMPLATE;
    return {
      files: [template],
      command: (folder) => [
        ...['aws', 'cloudformation', 'deploy', '--stack-name', stackName(environment.name)],
        ...['--template-file', `${folder}/${template.path}`, '--capabilities', 'CAPABILITY_IAM'],
        // Without it Berth would take the stack for somebody else's.
        ...['--tags', `${ENVIRONMENT_TAG}=${environment.name}`],
        ...(isLong && templateBucket !== undefined
          ? ['--s3-bucket', templateBucket, '--s3-prefix', `berth/${environment.name}`]
          : []),
        ...(region === undefined ? [] : ['--region', region]),
        ...(profile === undefined ? [] : ['--profile', profile]),
      ],
    };
  },
};

/** Connects to the account of a cluster, whatever its environments. @throws UserError when it names none */
export function connectToAccount(
  { ecs: settings, root }: Cluster,
  { onRetry = console.log, idleMs }: ConnectOptions = {},
): Connected {
  if (!settings)
    throw new UserError(
      `${root}/cluster.json at ecs: is missing, and an environment on ECS names this cluster`,
      'Name there the account, region, profile, cluster, vpc and subnets; docs/guide/ecs.md shows how.',
    );
  quietAws();
  const target = ecsOrchestrator(settings, {
    holder: author(),
    onRetry,
    ...(idleMs === undefined ? {} : { idleMs }),
  });
  return { target, close: () => target.close() };
}
