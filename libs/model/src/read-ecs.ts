import type { Finding } from './check-document';
import type { EcsSettings, OwnLoadBalancer, SharedListener } from './cluster';
import type { PathStep } from './json-path';

/** `ecs` of cluster.json as a person writes it, once it has passed its schema. */
interface EcsDocument extends Partial<Omit<EcsSettings, 'loadBalancer'>> {
  account: string;
  region: string;
  cluster: string;
  vpc: string;
  subnets: string[];
  loadBalancer?: LoadBalancerDocument;
}

type LoadBalancerDocument = Partial<Omit<OwnLoadBalancer, 'kind'> & Omit<SharedListener, 'kind'>>;

/** The settings with every default filled in. */
export function readEcs(document: unknown): EcsSettings {
  const { loadBalancer, ...written } = document as EcsDocument;
  return {
    assignPublicIp: false,
    capacity: 'fargate',
    architecture: 'x86_64',
    logDays: 30,
    ...written,
    ...(loadBalancer ? { loadBalancer: readLoadBalancer(loadBalancer) } : {}),
  };
}

function readLoadBalancer(written: LoadBalancerDocument): OwnLoadBalancer | SharedListener {
  const { listener, securityGroup = '', tls = false, subnets = [], certificate, internal = false } = written;
  return listener === undefined
    ? { kind: 'own', subnets, internal, ...(certificate ? { certificate } : {}) }
    : { kind: 'shared', listener, securityGroup, tls };
}

/** What no schema says: fields that go with each other, and fields that do not. */
export function checkEcs(document: unknown): Finding[] {
  const written = document as EcsDocument;
  const {
    profile,
    credentials,
    capacity = 'fargate',
    capacityProvider,
    assignPublicIp,
    loadBalancer,
  } = written;
  const findings: Finding[] = [];
  const find = (path: PathStep[], message: string, hint?: string) =>
    findings.push({ path: ['ecs', ...path], message, ...(hint ? { hint } : {}) });
  if ((profile === undefined) === (credentials === undefined)) {
    find(
      [profile === undefined ? 'profile' : 'credentials'],
      profile === undefined ? 'is missing' : 'goes without profile: credentials come from one place',
      'name a profile of ~/.aws/config, or "credentials": "environment" for those that the process was given',
    );
  }
  if (capacity === 'ec2' && capacityProvider === undefined)
    find(['capacityProvider'], 'is missing: on ec2 it places the tasks');
  if (capacity === 'fargate' && capacityProvider !== undefined)
    find(['capacityProvider'], 'has no effect on fargate', 'add "capacity": "ec2"');
  if (capacity === 'ec2' && assignPublicIp)
    find(['assignPublicIp'], 'must be false on ec2: tasks there get no public addresses');
  if (loadBalancer) findings.push(...checkLoadBalancer(loadBalancer));
  return findings;
}

function checkLoadBalancer(written: LoadBalancerDocument): Finding[] {
  const at = (field: string) => ['ecs', 'loadBalancer', field];
  const { listener, securityGroup, subnets } = written;
  if (listener === undefined) {
    const stray = (['securityGroup', 'tls'] as const).filter((field) => written[field] !== undefined);
    return [
      ...stray.map((field) => ({ path: at(field), message: 'goes with listener only' })),
      ...((subnets ?? []).length < 2
        ? [
            {
              path: at('subnets'),
              message: 'must name two subnets at least, in two zones',
              hint: 'or name a listener that environments share',
            },
          ]
        : []),
    ];
  }
  const stray = (['subnets', 'certificate', 'internal'] as const).filter(
    (field) => written[field] !== undefined,
  );
  return [
    ...stray.map((field) => ({
      path: at(field),
      message: 'goes without listener: that load balancer has it',
    })),
    ...(securityGroup === undefined
      ? [{ path: at('securityGroup'), message: 'is missing: tasks let in no one else' }]
      : []),
  ];
}
