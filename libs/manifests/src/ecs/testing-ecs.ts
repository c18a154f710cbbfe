import { parseCluster, resolveEnvironment, type Cluster, type Environment, type Service } from '@berth/model';
import { POSTGRES, testEnvironment, testService } from '../testing-models';

/** A cluster for tests, through the parser. */
export function testEcsCluster(difference: object = {}): Cluster {
  const ecs = {
    account: '123456789012',
    region: 'eu-west-1',
    profile: 'desk',
    cluster: 'main',
    vpc: 'vpc-0123456789abcdef0',
    subnets: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
    busybox: 'public.ecr.aws/docker/library/busybox:1.37.0',
    loadBalancer: {
      subnets: ['subnet-0123456789abcdef2', 'subnet-0123456789abcdef3'],
      certificate: 'arn:aws:acm:eu-west-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef',
    },
    ...difference,
  };
  return parseCluster(JSON.stringify({ provider: 'existing', ecs }), {
    name: 'aws',
    root: 'deploy/clusters/aws',
  });
}

export const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/berth';

/** A desk that uses all of the model that ECS takes; `store` is PostgreSQL. */
export function testEcsDesk(): { environment: Environment; services: Service[] } {
  const environment = testEnvironment({
    orchestrator: 'ecs',
    cluster: 'aws',
    domain: 'example.com',
    ttl: '3d',
    services: { pricing: { scale: { min: 3 } } },
  });
  const services = [
    testService('web', {
      ports: [
        { name: 'http', port: 8080, public: true },
        { name: 'prices', port: 8081, appProtocol: 'ws', public: true },
      ],
      health: { path: '/healthz' },
      needs: ['pricing', 'reference'],
      proxy: {
        hosts: ['one', 'two', 'three', 'four', 'five'].map((name) => `${name}.example.com`),
        path: '/desk',
        readTimeout: 120,
        redirect: 'https',
      },
    }),
    testService('pricing', {
      ports: [{ name: 'rpc', port: 9000, appProtocol: 'grpc', public: true }],
      health: { grpc: true, startSeconds: 20 },
      scale: { min: 2, max: 10, cpu: 70 },
      needs: ['store'],
      env: { LOG_LEVEL: 'info' },
      secrets: ['STORE_PASSWORD'],
      writable: ['/tmp'],
      sidecars: [{ name: 'feed', command: ['node', 'feed.js'], resources: { memory: '64Mi' } }],
    }),
    testService('reference', {
      ports: [{ name: 'http', port: 8080 }],
      health: { path: '/healthz' },
      command: ['node', 'main.js', '--quiet'],
    }),
    testService('store', POSTGRES),
  ];
  return { environment, services: resolveEnvironment(environment, services) };
}
