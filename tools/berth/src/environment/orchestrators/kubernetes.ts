import { contextOf, KubeClient } from '@berth/kube';
import { objectsNamedByContent, renderFiles, renderObjects } from '@berth/manifests';
import { imageName, UserError, type Cluster } from '@berth/model';
import { handedOver, kubernetesOrchestrator } from '@berth/orchestrators';
import { readExtras, readPatchNames } from '../../workspace/own-objects';
import { author } from '../author';
import type { EnvironmentModels } from '../environment-of';
import type { Connected, ConnectOptions, OrchestratorAccess } from './access';
import { adviceOf, withImageAdvice } from './image-advice';
import { patchedObjects } from './patched-objects';
import { pinImages } from './pin-images';
import { pinnedFiles } from './pinned-files';

export const kubernetes: OrchestratorAccess = {
  connect: ({ cluster }, workspaceRoot, options) => connectTo(cluster, workspaceRoot, options),

  async desired({ environment, cluster, files, options, services: read }, runner) {
    const services = read();
    const patches = readPatchNames(files, environment);
    const rendering = { registry: options.registry, extras: readExtras(files, services), cluster };
    const needsKustomize =
      patches.length > 0 || objectsNamedByContent(environment, services, rendering).length > 0;
    const objects = !needsKustomize
      ? renderObjects(environment, services, rendering)
      : await patchedObjects(environment, services, { ...rendering, patches }, files, runner);
    return (images) =>
      pinImages(
        objects,
        new Map(
          Object.entries(images).map(([service, reference]) => [
            imageName(options.registry, service),
            reference,
          ]),
        ),
      );
  },

  async handOver(models, objects) {
    const { environment, options } = models;
    const services = models.services();
    const names = services.map(({ name }) => name);
    const generated = renderFiles(environment, services, { registry: options.registry });
    return {
      files: [
        ...pinnedFiles(environment.name, names, handedOver(environment.name, objects)),
        ...generated.filter(({ path }) => path.startsWith('proxy/')),
      ],
      command: (folder) => ['kubectl', 'apply', '--server-side', '--field-manager=berth', '-k', folder],
    };
  },
};

/** Of the objects that a service comes to. */
const VERSIONS_OF_MOST = ['v1', 'apps/v1', 'policy/v1'];

/** Connects to a Kubernetes cluster, whatever its environments. @throws UserError when it has no kubeconfig */
export function connectTo(cluster: Cluster, workspaceRoot: string, options: ConnectOptions = {}): Connected {
  const client = clusterClient(cluster, workspaceRoot, options);
  if (options.early) for (const version of VERSIONS_OF_MOST) client.foresee(version);
  const target = kubernetesOrchestrator(client, { holder: author() });
  return {
    target: withImageAdvice(target, adviceOf(client, contextOf(cluster, workspaceRoot))),
    close: () => client.close(),
  };
}

/** The API server of the environment's cluster. @throws UserError when the environment is not on Kubernetes, or as connectTo does */
export function clientOf(
  { environment, cluster }: Pick<EnvironmentModels, 'environment' | 'cluster'>,
  workspaceRoot: string,
  options: ConnectOptions = {},
): KubeClient {
  if (environment.orchestrator !== 'kubernetes') {
    throw new UserError(
      `${environment.root}/env.json at orchestrator: ${environment.orchestrator} has no API server of Kubernetes.`,
    );
  }
  return clusterClient(cluster, workspaceRoot, options);
}

/** By the kubeconfig and context of its cluster.json: the shell's current context is never used. */
function clusterClient(
  cluster: Cluster,
  workspaceRoot: string,
  { onRetry = console.log, idleMs }: ConnectOptions,
): KubeClient {
  return KubeClient.from(contextOf(cluster, workspaceRoot), {
    onRetry,
    ...(idleMs === undefined ? {} : { idleMs }),
  });
}
