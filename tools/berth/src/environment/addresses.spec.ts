import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { readOptions } from '../options';
import { filesOfTree } from '../workspace/files';
import { exposingCluster, readEnvironment, readServices } from '../workspace/models';
import { addressesOf } from './addresses';

const projects = { web: { root: 'apps/web' }, gateway: { root: 'apps/gateway' } };
const options = readOptions({ plugins: ['@berth/nx'] });
const gateway = (nodePort?: number) => ({
  ports: [{ name: 'http', port: 8080, ...(nodePort === undefined ? {} : { nodePort }) }],
});

/** Of the environment staging on the cluster `local`, with these files besides its own. */
function addresses(files: Record<string, unknown>): string[] {
  const tree = createTreeWithEmptyWorkspace();
  const all = {
    'apps/web/service.json': { ports: [{ name: 'http', port: 8080, public: true }] },
    'deploy/environments/staging/env.json': { cluster: 'local', projects: ['web'] },
    ...files,
  };
  for (const [path, content] of Object.entries(all)) tree.write(path, JSON.stringify(content));
  const models = { files: filesOfTree(tree), options, projects };
  const environment = readEnvironment(models.files, 'staging', options);
  const cluster = exposingCluster(models.files, environment) ?? {};
  return addressesOf({ ...models, environment, cluster }, readServices(models.files, environment, projects));
}

const admin = { 'deploy/environments/admin/env.json': { cluster: 'local', projects: ['gateway'] } };
const plain = ['http://web-staging.localhost/'];

it('an address has the port at which the gateway listens on the nodes, as it is on this machine', () => {
  const written = { ...admin, 'apps/gateway/service.json': gateway(80) };
  expect(addresses(written)).toEqual(plain);
  const local = { 'deploy/environments/admin/env.local.json': { services: { gateway: gateway(8080) } } };
  expect(addresses({ ...written, ...local })).toEqual(['http://web-staging.localhost:8080/']);
});

it('it has that of http where nothing says otherwise: behind a load balancer, or of another cluster', () => {
  expect(addresses({})).toEqual(plain);
  expect(addresses({ ...admin, 'apps/gateway/service.json': gateway() })).toEqual(plain);
  const elsewhere = { 'deploy/environments/admin/env.json': { cluster: 'prod', projects: ['gateway'] } };
  expect(addresses({ ...elsewhere, 'apps/gateway/service.json': gateway(8080) })).toEqual(plain);
});

it('it does not depend on whether the files of admin are well, which their own deploy says', () => {
  expect(addresses({ ...admin, 'apps/gateway/service.json': { prots: [] } })).toEqual(plain);
});

it('it has the number that stands for the port on this cluster, unless something in front of the nodes has the port itself', () => {
  const files = { ...admin, 'apps/gateway/service.json': gateway(80) };
  const on = (cluster: object) =>
    addresses({ ...files, 'deploy/clusters/local/cluster.json': { provider: 'existing', ...cluster } });
  expect(on({})).toEqual(['http://web-staging.localhost:30080/']);
  expect(on({ front: '127.0.0.1' })).toEqual(plain);
  expect(on({ exposure: 'load-balancer' })).toEqual(plain);
});

it('on a Swarm it has the port of service.json at the nodes, of the gateway that is on the Swarm', () => {
  const swarm = { orchestrator: 'swarm', cluster: 'local' };
  const files = {
    ...admin,
    'apps/gateway/service.json': gateway(8000),
    'deploy/clusters/local/cluster.json': { provider: 'existing', docker: 'unix:///run/docker.sock' },
    'deploy/environments/staging/env.json': { ...swarm, projects: ['web'] },
  };
  expect(addresses(files)).toEqual(plain);
  const own = { 'deploy/environments/admin-desk/env.json': { ...swarm, projects: ['gateway'] } };
  expect(addresses({ ...files, ...own })).toEqual(['http://web-staging.localhost:8000/']);
});

it("it has the port of the cluster's own gateway where admin is on another one", () => {
  const files = {
    'apps/gateway/service.json': gateway(80),
    'deploy/environments/admin/env.json': { cluster: 'prod', projects: ['gateway'] },
    'deploy/environments/admin-desk/env.json': { cluster: 'local', projects: ['gateway'] },
    'deploy/clusters/local/cluster.json': { provider: 'existing', nodePorts: { 80: 31000 } },
  };
  expect(addresses(files)).toEqual(['http://web-staging.localhost:31000/']);
});

it('it has the scheme that the load balancer speaks on ECS, and no port of a gateway', () => {
  const on = (loadBalancer: object) => {
    const ecs = {
      account: '123456789012',
      region: 'eu-west-1',
      profile: 'desk',
      cluster: 'main',
      vpc: 'vpc-1',
      subnets: ['subnet-1'],
      loadBalancer,
    };
    return addresses({
      ...admin,
      'apps/gateway/service.json': gateway(8080),
      'deploy/clusters/local/cluster.json': { provider: 'existing', ecs },
      'deploy/environments/staging/env.json': { orchestrator: 'ecs', cluster: 'local', projects: ['web'] },
    });
  };
  const listener = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/front/01/02';
  const certificate = 'arn:aws:acm:eu-west-1:123456789012:certificate/01';
  const subnets = ['subnet-1', 'subnet-2'];
  const secure = ['https://web-staging.localhost/'];
  expect(on({ subnets })).toEqual(plain);
  expect(on({ subnets, certificate })).toEqual(secure);
  expect(on({ listener, securityGroup: 'sg-1' })).toEqual(plain);
  expect(on({ listener, securityGroup: 'sg-1', tls: true })).toEqual(secure);
});
