import { parseCluster, resolveEnvironment } from '@berth/model';
import { renderFiles } from './render-files';
import { renderObjects } from './render-objects';
import { REGISTRY, testEnvironment, testService } from './testing-models';

const cluster = (document: object) =>
  parseCluster(JSON.stringify({ provider: 'existing', ...document }), {
    name: 'desk',
    root: 'deploy/clusters/desk',
  });

type Loose = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

function rendered(on: object | undefined, env: object = {}) {
  const environment = testEnvironment(env, 'admin');
  const gateway = testService('gateway', {
    ports: [
      { name: 'http', port: 8080, nodePort: 80 },
      { name: 'https', port: 8443, appProtocol: 'tcp', nodePort: 443 },
      { name: 'status', port: 8083 },
    ],
    scale: { min: 2 },
  });
  const store = testService('store', {
    ports: [{ name: 'sql', port: 5432, appProtocol: 'tcp' }],
    volumes: [{ name: 'data', path: '/data', size: '1Gi' }],
  });
  const services = resolveEnvironment(environment, [gateway, store]);
  const options = { registry: REGISTRY, ...(on ? { cluster: cluster(on) } : {}) };
  const objects = renderObjects(environment, services, options) as Loose[];
  const find = (kind: string, name: string): Loose | undefined =>
    objects.find((object) => object['kind'] === kind && object['metadata'].name === name);
  return { find, files: renderFiles(environment, services, options) };
}

const names = (on: object | undefined, env?: object) => {
  const { files } = rendered(on, env);
  const text = files.find(({ path }) => path === 'services/gateway.yaml')?.content ?? '';
  return [...text.matchAll(/kind: Service\nmetadata:\n {2}name: (\S+)/g)].map(([, name]) => name);
};

it("without a cluster, and on Berth's own, ports are opened at every node by their own numbers", () => {
  const own = rendered({ provider: 'bare-metal', hosts: ['localhost'] });
  expect(own.files).toEqual(rendered(undefined).files);
  expect(own.find('Service', 'gateway-nodeport')?.['spec']).toMatchObject({
    type: 'NodePort',
    ports: [
      { name: 'http', port: 8080, nodePort: 80 },
      { name: 'https', port: 8443, nodePort: 443 },
    ],
  });
});

it('node-ports: at every node, by the numbers that stand for them on this cluster', () => {
  const { find } = rendered({ exposure: 'node-ports', nodePorts: { 80: 31080, 443: 31443 } });
  expect(find('Service', 'gateway-nodeport')?.['spec'].ports).toMatchObject([
    { name: 'http', port: 8080, nodePort: 31080 },
    { name: 'https', port: 8443, nodePort: 31443 },
  ]);
});

it('load-balancer: at the numbers themselves, and the other ports stay inside', () => {
  const { find } = rendered({ exposure: 'load-balancer' });
  expect(names({ exposure: 'load-balancer' })).toEqual(['gateway', 'gateway-loadbalancer']);
  expect(find('Service', 'gateway-loadbalancer')).toMatchObject({
    metadata: { namespace: 'admin', labels: { 'app.kubernetes.io/name': 'gateway' } },
    spec: {
      type: 'LoadBalancer',
      selector: { 'app.kubernetes.io/name': 'gateway' },
      ports: [
        { name: 'http', port: 80, targetPort: 'http', protocol: 'TCP', appProtocol: 'http' },
        { name: 'https', port: 443, targetPort: 'https', protocol: 'TCP' },
      ],
    },
  });
});

it('host-ports: by the pods themselves, which give way to each other, in a namespace that lets them', () => {
  const { find } = rendered({ exposure: 'host-ports' }, { podSecurity: 'privileged' });
  expect(names({ exposure: 'host-ports' }, { podSecurity: 'privileged' })).toEqual(['gateway']);
  const { strategy, template } = find('Deployment', 'gateway')?.['spec'] ?? {};
  expect(template.spec.containers[0].ports).toEqual([
    { name: 'http', containerPort: 8080, hostPort: 80, protocol: 'TCP' },
    { name: 'https', containerPort: 8443, hostPort: 443, protocol: 'TCP' },
    { name: 'status', containerPort: 8083, protocol: 'TCP' },
  ]);
  expect(strategy.rollingUpdate).toEqual({ maxUnavailable: 1, maxSurge: 0 });
  expect(find('Namespace', 'admin')?.['metadata'].labels).toMatchObject({
    'pod-security.kubernetes.io/enforce': 'privileged',
    'pod-security.kubernetes.io/warn': 'restricted',
  });
});

it('refuses what the cluster cannot open, for objects and files alike', () => {
  expect(() => rendered({ exposure: 'host-ports' })).toThrow('at podSecurity');
  expect(() => rendered({ nodePorts: { 80: 30080 } })).toThrow('443 is no node port of the cluster desk');
});

describe('node ports of a cluster with several hosts', () => {
  const policy = (hosts: string[]) =>
    rendered({ provider: 'bare-metal', hosts }).find('Service', 'gateway-nodeport')?.['spec']
      .externalTrafficPolicy;

  it("lead to the node's own pods, so that a node that is lost takes no requests of others with it", () => {
    expect(policy(['rack-1', 'rack-2'])).toBe('Local');
  });

  it('lead to all pods where there is one', () => {
    expect(policy(['localhost'])).toBeUndefined();
  });
});
