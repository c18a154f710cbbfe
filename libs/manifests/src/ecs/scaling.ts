import type { Service } from '@berth/model';
import type { ManifestObject } from '../object';
import { logicalId } from './names';
import { attribute, ref, resource } from './resource';
import type { StackContext } from './stack-context';

/** What keeps the number of a service's tasks between `scale.min` and `scale.max`, where it has a `max`. */
export function renderScaling(context: StackContext, service: Service, serviceId: string): ManifestObject[] {
  const { min, max, cpu } = service.scale;
  if (max === undefined) return [];
  const of = { ...context, service };
  const target = logicalId(service.name, 'scalable', 'target');
  return [
    resource(of, 'AWS::ApplicationAutoScaling::ScalableTarget', target, {
      ServiceNamespace: 'ecs',
      ScalableDimension: 'ecs:service:DesiredCount',
      ResourceId: {
        'Fn::Join': ['/', ['service', context.settings.cluster, attribute(serviceId, 'Name')]],
      },
      MinCapacity: min,
      MaxCapacity: max,
    }),
    resource(of, 'AWS::ApplicationAutoScaling::ScalingPolicy', logicalId(service.name, 'scaling', 'policy'), {
      PolicyName: 'cpu',
      PolicyType: 'TargetTrackingScaling',
      ScalingTargetId: ref(target),
      TargetTrackingScalingPolicyConfiguration: {
        PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
        TargetValue: cpu,
      },
    }),
  ];
}
