import type { EcsSettings } from './cluster';
import { parseCluster } from './parse';

const folder = { name: 'aws', root: 'deploy/clusters/aws' };
const required = {
  account: '123456789012',
  region: 'eu-west-1',
  profile: 'desk',
  cluster: 'main',
  vpc: 'vpc-1',
  subnets: ['subnet-1', 'subnet-2'],
};
const read = (ecs: object): EcsSettings | undefined =>
  parseCluster(JSON.stringify({ provider: 'existing', ecs }), folder).ecs;

it('fills in what a cluster on ECS says nothing of', () => {
  expect(read(required)).toEqual({
    ...required,
    assignPublicIp: false,
    capacity: 'fargate',
    architecture: 'x86_64',
    logDays: 30,
  });
});

it('tells a load balancer of its own from a listener that is shared', () => {
  const listener =
    'arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/front/0123456789abcdef/0123456789abcdef';
  expect(read({ ...required, loadBalancer: { subnets: ['subnet-3', 'subnet-4'] } })?.loadBalancer).toEqual({
    kind: 'own',
    subnets: ['subnet-3', 'subnet-4'],
    internal: false,
  });
  expect(
    read({ ...required, loadBalancer: { listener, securityGroup: 'sg-1', tls: true } })?.loadBalancer,
  ).toEqual({ kind: 'shared', listener, securityGroup: 'sg-1', tls: true });
});

it.each([
  [{ profile: undefined }, /ecs\.profile: is missing \(name a profile .*"credentials": "environment"/],
  [{ credentials: 'environment' }, /ecs\.credentials: goes without profile/],
  [{ capacity: 'ec2' }, /ecs\.capacityProvider: is missing: on ec2 it places the tasks/],
  [{ capacityProvider: 'spot' }, /ecs\.capacityProvider: has no effect on fargate \(add "capacity": "ec2"\)/],
  [
    { capacity: 'ec2', capacityProvider: 'big', assignPublicIp: true },
    /ecs\.assignPublicIp: must be false on ec2/,
  ],
  [{ loadBalancer: { subnets: ['subnet-1'] } }, /ecs\.loadBalancer\.subnets: must name two subnets/],
  [
    { loadBalancer: { subnets: ['subnet-1', 'subnet-2'], tls: true } },
    /ecs\.loadBalancer\.tls: goes with listener only/,
  ],
  [{ region: 'Frankfurt' }, /ecs\.region: must be an AWS region, for example eu-west-1, not "Frankfurt"/],
  [{ account: '1234' }, /ecs\.account: must be the 12 digits of an AWS account/],
  [{ logDays: 2 }, /ecs\.logDays: must be one of 1, 3, 5/],
  [{ templateBucket: 'desk.templates' }, /ecs\.templateBucket: must be the name of a bucket, without dots/],
  [
    { privateNames: { domain: 'internal', securityGroup: 'sg-1' } },
    /ecs\.privateNames\.domain: must be a domain name of two labels or more, for example desk\.internal/,
  ],
  [{ privateNames: { domain: 'desk.internal' } }, /ecs\.privateNames\.securityGroup: is missing/],
  [{ vcp: 'vpc-1' }, /ecs\.vcp: is no field here; .*did you mean "vpc"/],
])('refuses %j', (difference, message) => {
  expect(() => read({ ...required, ...difference })).toThrow(message);
});

it('wants the security group of a listener that is shared', () => {
  const listener = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/front/01/02';
  expect(() =>
    read({
      ...required,
      loadBalancer: { listener, certificate: 'arn:aws:acm:eu-west-1:123456789012:certificate/1' },
    }),
  ).toThrow(/certificate: goes without listener[^]*securityGroup: is missing/);
});
