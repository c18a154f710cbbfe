import type { Environment, Exposure, Service } from '@berth/model';
import { selectorLabels, serviceLabels } from './labels';
import type { KubernetesObject } from './object';
import { renderPodSpec, takesHostPorts } from './pod';

/** Old ReplicaSets and revisions that are kept; Berth rolls back from its own records. */
const REVISIONS = 3;

/** What a workload is made with, beside the service itself. */
interface WorkloadOptions {
  image: string;
  /** All of the environment. */
  services: readonly Service[];
  /** How the cluster opens ports to the outside. */
  exposure: Exposure | undefined;
}

/** What runs a service's pods: a StatefulSet when it has volumes, else a Deployment. */
export function renderWorkload(
  environment: Environment,
  service: Service,
  options: WorkloadOptions,
): KubernetesObject {
  return service.volumes.length
    ? renderStatefulSet(environment, service, options)
    : renderDeployment(environment, service, options);
}

/** Kind of the object that renderWorkload gives. */
export function workloadKind(service: Service): 'Deployment' | 'StatefulSet' {
  return service.volumes.length ? 'StatefulSet' : 'Deployment';
}

function renderDeployment(
  environment: Environment,
  service: Service,
  options: WorkloadOptions,
): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(environment, service),
    spec: {
      ...replicas(service),
      revisionHistoryLimit: REVISIONS,
      strategy: { type: 'RollingUpdate', rollingUpdate: rollingUpdate(service, options) },
      selector: { matchLabels: selectorLabels(service) },
      template: {
        metadata: { labels: serviceLabels(environment, service) },
        spec: renderPodSpec(service, { ...options, rolloutLabel: 'pod-template-hash' }),
      },
    },
  };
}

function renderStatefulSet(
  environment: Environment,
  service: Service,
  options: WorkloadOptions,
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
        spec: renderPodSpec(service, options),
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

/**
 * No old pod goes before a new one is ready. Where pods take ports of their hosts, a new one may find no node until an old
 * one has gone.
 */
function rollingUpdate(service: Service, { exposure }: WorkloadOptions): Record<string, unknown> {
  return takesHostPorts(service, exposure)
    ? { maxUnavailable: 1, maxSurge: 0 }
    : { maxUnavailable: 0, maxSurge: '25%' };
}

function metadata(environment: Environment, service: Service): KubernetesObject['metadata'] {
  return { name: service.name, namespace: environment.name, labels: serviceLabels(environment, service) };
}

/** An autoscaler owns the number of pods: a deploy that sets it too would undo its work. */
function replicas(service: Service): { replicas?: number } {
  return service.scale.max === undefined ? { replicas: service.scale.min } : {};
}
