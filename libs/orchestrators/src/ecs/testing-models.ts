import { parseCluster, parseEnvironment, type Cluster, type Environment } from '@berth/model';

export { testServices } from '@berth/manifests/src/testing-models';

/** Models for tests, through the parser, so that they are what files can say. */
export function testEnvironment(name: string, document: object = {}): Environment {
  return parseEnvironment(
    JSON.stringify({ orchestrator: 'ecs', cluster: 'aws', projects: ['tag:test'], ...document }),
    { name, root: `deploy/environments/${name}` },
    { domain: 'example.com' },
  );
}

/** A cluster on ECS whose ids may be invented. */
export function testAccount(difference: object = {}): Cluster {
  const ecs = {
    account: '123456789012',
    region: 'eu-west-1',
    credentials: 'environment',
    cluster: 'main',
    vpc: 'vpc-0123456789abcdef0',
    subnets: ['subnet-0123456789abcdef0'],
    busybox: 'public.ecr.aws/docker/library/busybox:1.37.0',
    loadBalancer: { subnets: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'] },
    ...difference,
  };
  return parseCluster(JSON.stringify({ provider: 'existing', ecs }), {
    name: 'aws',
    root: 'deploy/clusters/aws',
  });
}
