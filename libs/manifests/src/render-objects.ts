import { imageName, type Cluster, type Environment, type ExposingCluster, type Service } from '@berth/model';
import { extraObjects, type ExtraFile } from './extras';
import { serviceLabels } from './labels';
import { renderNamespace } from './namespace';
import { renderServices } from './network';
import type { KubernetesObject } from './object';
import { refuseOnKubernetes } from './refusals';
import { renderScaling } from './scaling';
import { renderWorkload } from './workload';

export interface RenderOptions {
  /** Registry and folder of the workspace's own images, for example `localhost:5000/berth`. */
  registry: string;
  /** By service name: the reference to run, for example `localhost:5000/berth/pricing@sha256:…`. Others stay without tag. */
  images?: ReadonlyMap<string, string>;
  /** Files that people wrote beside the services. */
  extras?: readonly ExtraFile[];
  /** File names in the environment's patches/ folder: kustomize patches that people wrote. */
  patches?: readonly string[];
  /** Where it is to run; absent: ports are opened at every node by the numbers of service.json. */
  cluster?: (ExposingCluster & Pick<Cluster, 'ecs' | 'docker'>) | undefined;
}

/**
 * Every object of an environment: its namespace, then each service's in the order given (resolveEnvironment's is that
 * of their needs). Pure: the same models give the same objects.
 * @throws ModelError with all that services ask for and Kubernetes, or the cluster, has not
 */
export function renderObjects(
  environment: Environment,
  services: readonly Service[],
  options: RenderOptions,
): KubernetesObject[] {
  refuseOnKubernetes(environment, services, options.cluster);
  return [
    renderNamespace(environment),
    ...services.flatMap((service) => [
      ...(options.extras ?? [])
        .filter((extra) => extra.service === service.name)
        .flatMap((extra) => extraObjects(environment, extra)),
      ...renderService(environment, service, services, options),
    ]),
  ];
}

/** The objects of one service. */
export function renderService(
  environment: Environment,
  service: Service,
  services: readonly Service[],
  { registry, images, cluster }: Pick<RenderOptions, 'registry' | 'images' | 'cluster'>,
): KubernetesObject[] {
  const image = images?.get(service.name) ?? service.image ?? imageName(registry, service.name);
  return [
    renderServiceAccount(environment, service),
    ...renderServices(environment, service, cluster),
    renderWorkload(environment, service, { image, services, exposure: cluster?.exposure }),
    ...renderScaling(environment, service),
  ];
}

function renderServiceAccount(environment: Environment, service: Service): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      name: service.name,
      namespace: environment.name,
      labels: serviceLabels(environment, service),
    },
    automountServiceAccountToken: service.apiAccess,
  };
}
