import type { Environment, Service } from '@berth/model';
import { selectorLabels, serviceLabels } from './labels';
import type { KubernetesObject } from './object';
import { renderPodSpec } from './pod';

/** Old ReplicaSets and revisions that are kept; Berth rolls back from its own records. */
const REVISIONS = 3;

/** What runs a service's pods: a StatefulSet when it has volumes, else a Deployment. */
export function renderWorkload(
  environment: Environment,
  service: Service,
  image: string,
  services: readonly Service[],
): KubernetesObject {
  return service.volumes.length
    ? renderStatefulSet(environment, service, image, services)
    : renderDeployment(environment, service, image, services);
}

/** Kind of the object that renderWorkload gives. */
export function workloadKind(service: Service): 'Deployment' | 'StatefulSet' {
  return service.volumes.length ? 'StatefulSet' : 'Deployment';
}

function renderDeployment(
  environment: Environment,
  service: Service,
  image: string,
  services: readonly Service[],
): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(environment, service),
    spec: {
      ...replicas(service),
      revisionHistoryLimit: REVISIONS,
      // No old pod goes before a new one is ready.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: '25%' } },
      selector: { matchLabels: selectorLabels(service) },
      template: {
        metadata: { labels: serviceLabels(environment, service) },
        spec: renderPodSpec(service, { image, services, rolloutLabel: 'pod-template-hash' }),
      },
    },
  };
}

function renderStatefulSet(
  environment: Environment,
  service: Service,
  image: string,
  services: readonly Service[],
): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadata(environment, service),
    spec: {
      ...replicas(service),
      serviceName: service.name,
      revisionHistoryLimit: REVISIONS,
      // In order, a rollout would wait forever for a pod that the last one broke.
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'RollingUpdate' },
      selector: { matchLabels: selectorLabels(service) },
      template: {
        metadata: { labels: serviceLabels(environment, service) },
        spec: renderPodSpec(service, { image, services }),
      },
      volumeClaimTemplates: service.volumes.map(({ name, size }) => ({
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name, labels: selectorLabels(service) },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size } } },
      })),
    },
  };
}

function metadata(environment: Environment, service: Service): KubernetesObject['metadata'] {
  return { name: service.name, namespace: environment.name, labels: serviceLabels(environment, service) };
}

/** An autoscaler owns the number of pods: a deploy that sets it too would undo its work. */
function replicas(service: Service): { replicas?: number } {
  return service.scale.max === undefined ? { replicas: service.scale.min } : {};
}
