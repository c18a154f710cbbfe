import { isHttp, type Service } from '@berth/model';
import type { ManifestObject } from '../object';
import { containersBeside, filled, logGroupId, renderContainers } from './containers';
import { renderTargets, targetsOf } from './load-balancer';
import { logGroupName, logicalId, NAMESPACE_ID, stackName, TASKS_GROUP_ID } from './names';
import { moreGroups, privateNamesOf, renderPrivateName } from './private-names';
import { attribute, ref, resource } from './resource';
import { executionRoleId, renderExecutionRole } from './roles';
import { renderScaling } from './scaling';
import type { StackContext } from './stack-context';
import { taskSize } from './task-size';
import { mountTargetIds, renderVolumes, taskVolumes } from './volumes';

/** Logical id of a service's ECS service. */
export function ecsServiceId(service: string): string {
  return logicalId(service, 'service');
}

function taskDefinitionId(service: string): string {
  return logicalId(service, 'task', 'definition');
}

/** The resources of one service. */
export function renderEcsService(context: StackContext, service: Service, image: string): ManifestObject[] {
  const { environment, settings } = context;
  const of = { ...context, service };
  const beside = containersBeside(service);
  const images = [image, ...(beside.length && settings.busybox ? [settings.busybox] : [])];
  const size = taskSize(service, beside.length, settings);
  if (!size) throw new Error(`${service.name} was to be refused: no task is that big`);
  return [
    resource(of, 'AWS::Logs::LogGroup', logGroupId(service.name), {
      LogGroupName: logGroupName(environment.name, service.name),
      RetentionInDays: settings.logDays,
    }),
    renderExecutionRole(context, service, images),
    ...renderVolumes(context, service),
    ...renderPrivateName(context, service),
    ...renderTargets(context, service),
    resource(of, 'AWS::ECS::TaskDefinition', taskDefinitionId(service.name), {
      Family: `${environment.name}-${service.name}`,
      NetworkMode: 'awsvpc',
      RequiresCompatibilities: [settings.capacity === 'ec2' ? 'EC2' : 'FARGATE'],
      Cpu: String(size.cpu),
      Memory: String(size.memory),
      RuntimePlatform: {
        OperatingSystemFamily: 'LINUX',
        CpuArchitecture: settings.architecture.toUpperCase(),
      },
      ExecutionRoleArn: attribute(executionRoleId(service.name), 'Arn'),
      // Without it the containers have no rights at all.
      ...(service.taskRole === undefined ? {} : { TaskRoleArn: service.taskRole }),
      ContainerDefinitions: renderContainers(context, service, image),
      ...filled('Volumes', taskVolumes(service)),
    }),
    renderServiceResource(context, service),
    ...renderScaling(context, service, ecsServiceId(service.name)),
  ];
}

function renderServiceResource(context: StackContext, service: Service): ManifestObject {
  const { settings, services } = context;
  const { loadBalancers, rules } = targetsOf(context, service);
  const isAlone = service.volumes.length > 0;
  const needs = service.needs.filter((need) => services.some(({ name }) => name === need));
  return resource(
    { ...context, service },
    'AWS::ECS::Service',
    ecsServiceId(service.name),
    {
      Cluster: settings.cluster,
      TaskDefinition: ref(taskDefinitionId(service.name)),
      // An autoscaler owns the number: a deploy that sets it too would undo its work.
      ...(service.scale.max === undefined ? { DesiredCount: service.scale.min } : {}),
      ...(settings.capacity === 'ec2'
        ? { CapacityProviderStrategy: [{ CapacityProvider: settings.capacityProvider, Weight: 1 }] }
        : { LaunchType: 'FARGATE' }),
      DeploymentConfiguration: {
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        // No old task goes before a new one is well; but never two at one volume.
        MinimumHealthyPercent: isAlone ? 0 : 100,
        MaximumPercent: isAlone ? 100 : 200,
      },
      NetworkConfiguration: {
        AwsvpcConfiguration: {
          Subnets: settings.subnets,
          SecurityGroups: [attribute(TASKS_GROUP_ID, 'GroupId'), ...moreGroups(context)],
          AssignPublicIp: settings.assignPublicIp ? 'ENABLED' : 'DISABLED',
        },
      },
      ...filled('LoadBalancers', loadBalancers),
      ...filled('ServiceRegistries', privateNamesOf(context, service)),
      ...(loadBalancers.length && service.health
        ? { HealthCheckGracePeriodSeconds: service.health.startSeconds }
        : {}),
      ServiceConnectConfiguration: {
        Enabled: true,
        // By its name, which is known before it is made.
        Namespace: stackName(context.environment.name),
        ...filled('Services', connectServices(service)),
      },
      EnableECSManagedTags: true,
      PropagateTags: 'SERVICE',
    },
    { DependsOn: [NAMESPACE_ID, ...rules, ...mountTargetIds(context, service), ...needs.map(ecsServiceId)] },
  );
}

/**
 * By which names and numbers the others reach a service: its first HTTP port at 80, others at their own. ECS gives a
 * port one of them, so that the first HTTP port has no second one. Time limits of the proxy are off, as elsewhere.
 */
function connectServices(service: Service): Record<string, unknown>[] {
  const web = service.ports.find(isHttp);
  return service.ports.map((port) => ({
    PortName: port.name,
    DiscoveryName: `${service.name}-${port.name}`,
    ClientAliases: [{ DnsName: service.name, Port: port === web ? 80 : port.port }],
    ...(['http', 'h2c', 'grpc'].includes(port.appProtocol)
      ? { Timeout: { PerRequestTimeoutSeconds: 0 } }
      : {}),
  }));
}
