import { hostOf, publicPorts, type OwnLoadBalancer, type Port, type Probe, type Service } from '@berth/model';
import { DRAIN_SECONDS, SHUTDOWN_SECONDS } from '../pod';
import type { ManifestObject } from '../object';
import { securityGroup } from './network';
import { LISTENER_RULE, logicalId, TASKS_GROUP_ID } from './names';
import { preferredPriority } from './priorities';
import { openPorts } from './private-names';
import { attribute, ref, resource } from './resource';
import type { StackContext } from './stack-context';

export const LOAD_BALANCER_ID = 'LoadBalancer';
const LOAD_BALANCER_GROUP_ID = 'LoadBalancerSecurityGroup';
const HTTP_LISTENER_ID = 'HttpListener';
const HTTPS_LISTENER_ID = 'HttpsListener';
/** A rule may have so many values in its conditions (ELB quotas). */
const VALUES_OF_A_RULE = 5;
/** Seconds that a load balancer waits for an answer by itself. */
const IDLE_SECONDS = 60;

interface Listener {
  id?: string;
  /** For rules: a listener of the stack, or the ARN of one that is there. */
  reference: unknown;
  tls: boolean;
}

function listenersOf({ settings }: StackContext): Listener[] {
  const { loadBalancer } = settings;
  if (!loadBalancer) return [];
  if (loadBalancer.kind === 'shared') return [{ reference: loadBalancer.listener, tls: loadBalancer.tls }];
  const plain = { id: HTTP_LISTENER_ID, reference: ref(HTTP_LISTENER_ID), tls: false };
  if (!loadBalancer.certificate) return [plain];
  return [plain, { id: HTTPS_LISTENER_ID, reference: ref(HTTPS_LISTENER_ID), tls: true }];
}

/** An environment's own load balancer, and the way from whichever it has to the tasks; nothing where nothing is public. */
export function renderLoadBalancer(context: StackContext): ManifestObject[] {
  const { services, settings } = context;
  const open = openPorts(services);
  const { loadBalancer } = settings;
  if (open.length === 0 || !loadBalancer) return [];
  const source =
    loadBalancer.kind === 'shared'
      ? loadBalancer.securityGroup
      : attribute(LOAD_BALANCER_GROUP_ID, 'GroupId');
  return [
    ...(loadBalancer.kind === 'own' ? renderOwn(context, loadBalancer) : []),
    ...open.map((port) =>
      resource(context, 'AWS::EC2::SecurityGroupIngress', `TaskIngressFromLoadBalancer${port}`, {
        GroupId: attribute(TASKS_GROUP_ID, 'GroupId'),
        SourceSecurityGroupId: source,
        IpProtocol: 'tcp',
        FromPort: port,
        ToPort: port,
        Description: 'From the load balancer',
      }),
    ),
  ];
}

function renderOwn(
  context: StackContext,
  { subnets, certificate, internal }: OwnLoadBalancer,
): ManifestObject[] {
  const longest = Math.max(IDLE_SECONDS, ...context.services.map(({ proxy }) => proxy.readTimeout ?? 0));
  const group = securityGroup(
    context,
    LOAD_BALANCER_GROUP_ID,
    `Load balancer of the environment ${context.environment.name}`,
  );
  const ports = certificate ? [80, 443] : [80];
  return [
    {
      ...group,
      Properties: {
        ...(group['Properties'] as object),
        SecurityGroupIngress: ports.map((port) => ({
          IpProtocol: 'tcp',
          FromPort: port,
          ToPort: port,
          CidrIp: '0.0.0.0/0',
          Description: 'From everywhere that reaches it',
        })),
      },
    },
    resource(context, 'AWS::ElasticLoadBalancingV2::LoadBalancer', LOAD_BALANCER_ID, {
      Type: 'application',
      Scheme: internal ? 'internal' : 'internet-facing',
      Subnets: subnets,
      SecurityGroups: [attribute(LOAD_BALANCER_GROUP_ID, 'GroupId')],
      LoadBalancerAttributes: [
        { Key: 'idle_timeout.timeout_seconds', Value: String(longest) },
        { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' },
      ],
    }),
    ...listenersOf(context).map(({ id = '', tls }) =>
      resource(context, 'AWS::ElasticLoadBalancingV2::Listener', id, {
        LoadBalancerArn: ref(LOAD_BALANCER_ID),
        Port: tls ? 443 : 80,
        Protocol: tls ? 'HTTPS' : 'HTTP',
        ...(tls
          ? {
              Certificates: [{ CertificateArn: certificate }],
              SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
            }
          : {}),
        // An unknown host gets the same answer as from the gateway of a Kubernetes cluster.
        DefaultActions: [
          {
            Type: 'fixed-response',
            FixedResponseConfig: { StatusCode: '404', ContentType: 'text/plain', MessageBody: 'Not found' },
          },
        ],
      }),
    ),
  ];
}

/** What leads from the listeners to a service's public ports, by its hosts. */
export function renderTargets(context: StackContext, service: Service): ManifestObject[] {
  return publicPorts(service).flatMap((port) => [
    renderTargetGroup(context, service, port),
    ...rulesOf(context, service, port).map(({ id, properties }) =>
      resource({ ...context, service }, LISTENER_RULE, id, properties),
    ),
  ]);
}

/** `LoadBalancers` of an ECS service, and the rules that must be there before it: ECS wants target groups that are used. */
export function targetsOf(
  context: StackContext,
  service: Service,
): { loadBalancers: Record<string, unknown>[]; rules: string[] } {
  const ports = publicPorts(service);
  return {
    loadBalancers: ports.map((port) => ({
      ContainerName: service.name,
      ContainerPort: port.port,
      TargetGroupArn: ref(targetGroupId(service, port)),
    })),
    rules: ports.flatMap((port) => rulesOf(context, service, port).map(({ id }) => id)),
  };
}

function targetGroupId(service: Service, port: Port): string {
  return logicalId(service.name, port.name, 'target', 'group');
}

function renderTargetGroup(context: StackContext, service: Service, port: Port): ManifestObject {
  const versions: Readonly<Record<string, string>> = { h2c: 'HTTP2', grpc: 'GRPC' };
  return resource(
    { ...context, service },
    'AWS::ElasticLoadBalancingV2::TargetGroup',
    targetGroupId(service, port),
    {
      TargetType: 'ip',
      VpcId: context.settings.vpc,
      Protocol: 'HTTP',
      ProtocolVersion: versions[port.appProtocol] ?? 'HTTP1',
      Port: port.port,
      ...healthCheck(service, port),
      HealthCheckIntervalSeconds: 10,
      HealthCheckTimeoutSeconds: 5,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 3,
      TargetGroupAttributes: [
        {
          Key: 'deregistration_delay.timeout_seconds',
          Value: String(DRAIN_SECONDS + SHUTDOWN_SECONDS),
        },
      ],
    },
  );
}

/** A load balancer asks over HTTP or gRPC only: of a port without such a question any answer at all is good enough. */
function healthCheck({ health, ports }: Service, port: Port): Record<string, unknown> {
  const probe: Probe | undefined = health?.readiness;
  if (port.appProtocol === 'grpc') {
    return probe?.kind === 'grpc'
      ? { HealthCheckPath: '/grpc.health.v1.Health/Check', Matcher: { GrpcCode: '0' } }
      : { HealthCheckPath: '/AWS.ALB/healthcheck', Matcher: { GrpcCode: '0-99' } };
  }
  if (probe?.kind === 'path') {
    const asked = ports.find(({ name }) => name === probe.port)!;
    return {
      HealthCheckPath: probe.path,
      ...(asked.port === port.port ? {} : { HealthCheckPort: String(asked.port) }),
      Matcher: { HttpCode: '200-399' },
    };
  }
  return { HealthCheckPath: '/', Matcher: { HttpCode: '200-499' } };
}

/** Each listener's rules for one public port: as many as its hosts need. */
function rulesOf(
  context: StackContext,
  service: Service,
  port: Port,
): { id: string; properties: Record<string, unknown> }[] {
  const { path = '/', hosts: more = [], redirect } = service.proxy;
  const isFirst = publicPorts(service)[0]?.name === port.name;
  const hosts = [hostOf(service, port, context.environment), ...(isFirst ? more : [])];
  const below = path === '/' ? [] : [path.replace(/\/$/, ''), `${path.replace(/\/$/, '')}/*`];
  const listeners = listenersOf(context);
  return listeners.flatMap(({ id: listener = '', reference, tls }) =>
    chunks(hosts, VALUES_OF_A_RULE - below.length).map((values, index) => ({
      id: logicalId(service.name, port.name, listener, 'rule', String(index)),
      properties: {
        ListenerArn: reference,
        Priority: preferredPriority(values),
        Conditions: [
          { Field: 'host-header', HostHeaderConfig: { Values: values } },
          ...(below.length ? [{ Field: 'path-pattern', PathPatternConfig: { Values: below } }] : []),
        ],
        Actions: [
          redirect === 'https' && !tls
            ? {
                Type: 'redirect',
                RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' },
              }
            : { Type: 'forward', TargetGroupArn: ref(targetGroupId(service, port)) },
        ],
      },
    })),
  );
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
