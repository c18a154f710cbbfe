import { hasHttps, place, publicPorts, type Problem, type Service } from '@berth/model';
import { containersBeside } from './containers';
import { FOLDERS_CONTAINER, PROBE_CONTAINER } from './names';
import type { StackContext } from './stack-context';
import { taskSize } from './task-size';

/** Target groups that one ECS service may have (Amazon ECS Developer Guide, "Service load balancing considerations"). */
const MOST_PUBLIC_PORTS = 5;
/** Seconds that a container's health check waits for a start at most (API reference, HealthCheck.startPeriod). */
const LONGEST_START = 300;
/** A path pattern's length (ELB quotas), and what `/*` takes of it. */
const LONGEST_PATH = 126;
/** Seconds that a load balancer waits for an answer at most (its attribute idle_timeout). */
const LONGEST_ANSWER = 4000;

/** All that a service asks for and ECS cannot do, with the reason and what to write instead. */
export function refusalsOf(context: StackContext, service: Service): Problem[] {
  const { environment, settings } = context;
  const problems: Problem[] = [];
  const refuse: Refuse = (path, message, hint) =>
    void problems.push({ ...place(environment, service, path), message, hint });
  /** What takes a field of this service away there, or sets it. */
  const override = (document: object) =>
    `write in ${environment.root}/env.json: "services": ${JSON.stringify({ [service.name]: document })}`;
  const inCluster = `deploy/clusters/${environment.cluster}/cluster.json`;

  service.ports.forEach((port, index) => {
    if (port.nodePort !== undefined)
      refuse(
        ['ports', index, 'nodePort'],
        'cannot be had on ECS: each task has an address of its own, and no port of a node',
        `write "public" for what a load balancer is to lead to, or leave ${service.name} out of projects in ${environment.root}/env.json`,
      );
  });
  refuseHealth(context, service, refuse, { inCluster, override });
  refuseProxy(context, service, refuse, { inCluster, override });

  if (service.volumes.length > 0 && (service.scale.min > 1 || service.scale.max !== undefined))
    refuse(
      ['scale'],
      'must be min 1 without max beside volumes: on ECS the tasks of a service would all write to the same',
      override({ scale: { min: 1, max: null } }),
    );
  if ((service.scale.cpu ?? 0) > 100)
    refuse(
      ['scale', 'cpu'],
      'must be at most 100 on ECS: a task gets no more CPU than it asks for',
      override({ scale: { cpu: 100 } }),
    );
  if (service.writable.length > 0 && settings.busybox === undefined)
    refuse(
      ['writable'],
      'needs an image with chown beside the service: folders of a task belong to root on ECS',
      `name one in ${inCluster} at ecs.busybox`,
    );
  for (const [index, { name }] of service.sidecars.entries())
    if (name === PROBE_CONTAINER || name === FOLDERS_CONTAINER)
      refuse(
        ['sidecars', index, 'name'],
        `must not be ${name}, the name of a container that Berth adds`,
        'give it another name',
      );
  if (service.apiAccess)
    refuse(
      ['apiAccess'],
      'cannot be had on ECS: there is no API of a Kubernetes cluster',
      `take ${service.name} out of projects in ${environment.root}/env.json`,
    );
  const [, account] = /^arn:[^:]+:iam::([0-9]{12}):/.exec(service.taskRole ?? '') ?? [];
  if (account !== undefined && account !== settings.account)
    refuse(
      ['taskRole'],
      `is a role of the account ${account}; ECS gives tasks roles of their own account, ${settings.account}`,
      `make the role in ${settings.account}, or name another cluster in ${environment.root}/env.json`,
    );
  if (!taskSize(service, containersBeside(service).length, settings))
    refuse(
      ['resources'],
      'are more than the biggest task of Fargate has (16 cores and 120 GiB)',
      'ask for less, or name a cluster with "capacity": "ec2"',
    );
  return problems;
}

type Refuse = (path: (string | number)[], message: string, hint: string) => void;

/** What hints speak of. */
interface Remedies {
  /** Path of cluster.json. */
  inCluster: string;
  /** What lays a document over the service.json in question, in env.json. */
  override(document: object): string;
}

function refuseHealth(
  { settings }: StackContext,
  service: Service,
  refuse: Refuse,
  { inCluster, override }: Remedies,
): void {
  const { health, ports } = service;
  if (!health) return;
  const { readiness } = health;
  const asks = (probe: unknown) => JSON.stringify(probe);
  const other = (['liveness', 'startup'] as const).find((stage) => asks(health[stage]) !== asks(readiness));
  if (other !== undefined)
    refuse(
      ['health', other],
      'must be the same as readiness on ECS, which asks one question',
      override({ health: { readiness: null, liveness: null, startup: null } }),
    );
  if (readiness.kind === 'grpc') {
    const isPublic = ports.some((port) => port.public && port.name === readiness.port);
    if (!isPublic)
      refuse(
        ['health', 'grpc'],
        'cannot be asked on ECS where the port is not public: only a load balancer asks over gRPC',
        'ask by exec or tcp',
      );
    else if (readiness.service !== undefined)
      refuse(
        ['health', 'service'],
        'cannot be asked on ECS: a load balancer asks about the whole server',
        override({ health: { service: null } }),
      );
  }
  const beside = containersBeside(service).includes(PROBE_CONTAINER);
  if (beside && settings.busybox === undefined)
    refuse(
      ['health', readiness.kind],
      'cannot be asked on ECS where the port is not public, but from an image with wget and nc beside the service',
      `name one in ${inCluster} at ecs.busybox, or ask by exec`,
    );
  if ((beside || readiness.kind === 'exec') && health.startSeconds > LONGEST_START)
    refuse(
      ['health', 'startSeconds'],
      `must be at most ${LONGEST_START} on ECS, not ${health.startSeconds}`,
      override({ health: { startSeconds: LONGEST_START } }),
    );
}

function refuseProxy(
  context: StackContext,
  service: Service,
  refuse: Refuse,
  { inCluster, override }: Remedies,
): void {
  const { proxy, ports } = service;
  const { loadBalancer } = context.settings;
  const open = publicPorts(service);
  if (open.length === 0) return;
  const isPublic = ports.findIndex((port) => port.public);
  if (!loadBalancer) {
    refuse(
      ['ports', isPublic, 'public'],
      'needs a load balancer on ECS',
      `say in ${inCluster} at ecs.loadBalancer which`,
    );
    return;
  }
  if (open.length > MOST_PUBLIC_PORTS)
    refuse(
      ['ports'],
      `has ${open.length} public ports; ECS takes ${MOST_PUBLIC_PORTS} a service`,
      'make a service of its own of some of them',
    );
  const tls = hasHttps(context.settings);
  ports.forEach((port, index) => {
    if (port.public && port.appProtocol === 'grpc' && !tls)
      refuse(
        ['ports', index, 'public'],
        'needs HTTPS for gRPC: a load balancer of AWS takes it over nothing else',
        `name a certificate in ${inCluster} at ecs.loadBalancer`,
      );
  });
  const without = (field: 'connectTimeout' | 'bodySize' | 'hsts', why: string) => {
    if (proxy[field] !== undefined)
      refuse(['proxy', field], `cannot be had on ECS: ${why}`, override({ proxy: { [field]: null } }));
  };
  without('connectTimeout', 'a load balancer of AWS has its own');
  without('bodySize', 'a load balancer of AWS takes bodies of any size');
  without(
    'hsts',
    'a load balancer of AWS adds it for all services or for none; the service can send it itself',
  );
  if (proxy.readTimeout !== undefined && loadBalancer.kind === 'shared')
    refuse(
      ['proxy', 'readTimeout'],
      'is set at the load balancer, which this environment shares',
      override({ proxy: { readTimeout: null } }),
    );
  if ((proxy.readTimeout ?? 0) > LONGEST_ANSWER)
    refuse(
      ['proxy', 'readTimeout'],
      `must be at most ${LONGEST_ANSWER} on ECS, not ${proxy.readTimeout}`,
      override({ proxy: { readTimeout: LONGEST_ANSWER } }),
    );
  if (proxy.redirect !== undefined && loadBalancer.kind === 'shared')
    refuse(
      ['proxy', 'redirect'],
      'is set at the load balancer, whose listener this environment shares',
      override({ proxy: { redirect: null } }),
    );
  else if (proxy.redirect !== undefined && !tls)
    refuse(['proxy', 'redirect'], 'needs HTTPS', `name a certificate in ${inCluster} at ecs.loadBalancer`);
  if ((proxy.path ?? '').length > LONGEST_PATH)
    refuse(['proxy', 'path'], `must have at most ${LONGEST_PATH} characters on ECS`, 'shorten it');
  const written = (service.source?.document ?? {}) as { alerts?: object };
  if (Object.keys(written.alerts ?? {}).length > 0)
    refuse(
      ['alerts'],
      'has no effect on ECS: its rules count what the gateway of a Kubernetes cluster measures',
      `"alerts": null at services.${service.name} in ${context.environment.root}/env.json takes it away there`,
    );
}
