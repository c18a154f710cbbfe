import type { Environment, Service } from '@berth/model';
import { selectorLabels, serviceLabels } from './labels';
import type { KubernetesObject } from './object';
import { workloadKind } from './workload';

/** The autoscaler and the disruption budget of a service, where it has them. */
export function renderScaling(environment: Environment, service: Service): KubernetesObject[] {
  const metadata = {
    name: service.name,
    namespace: environment.name,
    labels: serviceLabels(environment, service),
  };
  const objects: KubernetesObject[] = [];
  const { min, max, cpu } = service.scale;
  if (max !== undefined) {
    objects.push({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata,
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: workloadKind(service), name: service.name },
        minReplicas: min,
        maxReplicas: max,
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpu } },
          },
        ],
      },
    });
  }
  if (min >= 2) {
    objects.push({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata,
      spec: {
        maxUnavailable: 1,
        // A pod that is not well anyway must not hold up the drain of its node.
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
        selector: { matchLabels: selectorLabels(service) },
      },
    });
  }
  return objects;
}
