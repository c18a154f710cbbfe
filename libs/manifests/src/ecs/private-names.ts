import { publicPorts, type Service } from '@berth/model';
import { ADMIN_ENVIRONMENT } from '../admin-environment';
import type { ManifestObject } from '../object';
import { logicalId, TASKS_GROUP_ID } from './names';
import { attribute, ref, resource } from './resource';
import type { StackContext } from './stack-context';

const PRIVATE_NAMESPACE_ID = 'PrivateNamespace';
/** Seconds that a resolver may remember an address: so long a task that is ending may still be asked. */
const TTL_SECONDS = 10;

/**
 * How the environment `admin` reaches the public services of this one, beside the short names that lead nowhere else: a
 * zone of DNS in the VPC, and one more group that the tasks let in, which only tasks of `admin` are in. Nothing where
 * cluster.json has no `privateNames`, or where nothing is public.
 */
export function renderPrivateNames(context: StackContext): ManifestObject[] {
  const { environment, services, settings } = context;
  const { privateNames } = settings;
  const open = openPorts(services);
  if (!privateNames || open.length === 0) return [];
  return [
    resource(context, 'AWS::ServiceDiscovery::PrivateDnsNamespace', PRIVATE_NAMESPACE_ID, {
      Name: `${environment.name}.${privateNames.domain}`,
      Vpc: settings.vpc,
      Description: `Public services of the environment ${environment.name}`,
    }),
    ...(environment.name === ADMIN_ENVIRONMENT
      ? []
      : open.map((port) =>
          resource(context, 'AWS::EC2::SecurityGroupIngress', `TaskIngressFromAdmin${port}`, {
            GroupId: attribute(TASKS_GROUP_ID, 'GroupId'),
            SourceSecurityGroupId: privateNames.securityGroup,
            IpProtocol: 'tcp',
            FromPort: port,
            ToPort: port,
            Description: `From the environment ${ADMIN_ENVIRONMENT}`,
          }),
        )),
  ];
}

/** A service's name in that zone; ECS keeps the addresses of its tasks there. */
export function renderPrivateName(context: StackContext, service: Service): ManifestObject[] {
  if (!hasPrivateName(context, service)) return [];
  return [
    resource({ ...context, service }, 'AWS::ServiceDiscovery::Service', privateNameId(service), {
      Name: service.name,
      DnsConfig: {
        NamespaceId: ref(PRIVATE_NAMESPACE_ID),
        RoutingPolicy: 'MULTIVALUE',
        DnsRecords: [{ Type: 'A', TTL: TTL_SECONDS }],
      },
      // ECS itself says which tasks are well.
      HealthCheckCustomConfig: { FailureThreshold: 1 },
    }),
  ];
}

/** `ServiceRegistries` of an ECS service. */
export function privateNamesOf(context: StackContext, service: Service): Record<string, unknown>[] {
  return hasPrivateName(context, service) ? [{ RegistryArn: attribute(privateNameId(service), 'Arn') }] : [];
}

/** Groups of a task beside that of its environment. */
export function moreGroups({ environment, settings }: StackContext): string[] {
  return settings.privateNames && environment.name === ADMIN_ENVIRONMENT
    ? [settings.privateNames.securityGroup]
    : [];
}

function hasPrivateName({ settings }: StackContext, service: Service): boolean {
  return settings.privateNames !== undefined && publicPorts(service).length > 0;
}

function privateNameId({ name }: Service): string {
  return logicalId(name, 'private', 'name');
}

/** The numbers of all public ports, sorted. */
export function openPorts(services: readonly Service[]): number[] {
  const numbers = services.flatMap((service) => publicPorts(service).map(({ port }) => port));
  return [...new Set(numbers)].sort((one, other) => one - other);
}
