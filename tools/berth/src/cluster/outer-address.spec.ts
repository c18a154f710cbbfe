import type { LiveObject } from '@berth/kube';
import { parseCluster } from '@berth/model';
import { outerAddress } from './outer-address';

const cluster = (document: object) =>
  parseCluster(JSON.stringify({ provider: 'existing', ...document }), {
    name: 'desk',
    root: 'deploy/clusters/desk',
  });

const live = (object: object) => object as unknown as LiveObject;

const ports = [
  { name: 'http', port: 8080, nodePort: 30080 },
  { name: 'https', port: 8443, nodePort: 30443 },
];
const inside = live({ metadata: { name: 'gateway' }, spec: { type: 'ClusterIP', ports } });
const atNodes = live({ metadata: { name: 'gateway-nodeport' }, spec: { type: 'NodePort', ports } });
const balanced = (...ingress: object[]) =>
  live({
    metadata: { name: 'gateway-loadbalancer' },
    spec: {
      type: 'LoadBalancer',
      ports: [
        { name: 'http', port: 80, nodePort: 31234 },
        { name: 'https', port: 443, nodePort: 31235 },
      ],
    },
    status: { loadBalancer: { ingress } },
  });
const node = (name: string, addresses: Record<string, string>, ready = 'True') =>
  live({
    metadata: { name },
    status: {
      conditions: [{ type: 'Ready', status: ready }],
      addresses: Object.entries(addresses).map(([type, address]) => ({ type, address })),
    },
  });
const nodes = [
  node('one', { InternalIP: '10.0.0.1', Hostname: 'one' }),
  node('two', { InternalIP: '10.0.0.2' }),
  node('gone', { InternalIP: '10.0.0.3' }, 'Unknown'),
];
const outer = [
  { name: 'http', port: 80 },
  { name: 'https', port: 443 },
];
const of = (document: object, services: LiveObject[], pods: LiveObject[] = [], on = nodes) =>
  outerAddress('gateway', cluster(document), { services, nodes: on, pods });

describe('a load balancer', () => {
  const document = { exposure: 'load-balancer' };

  it('answers at its address, or at its name', () => {
    expect(of(document, [inside, balanced({ ip: '203.0.113.7' })])).toEqual({
      state: 'there',
      targets: [{ ip: '203.0.113.7' }],
      ports: outer,
      how: 'load balancer',
    });
    const name = 'a1b2.eu-central-1.elb.amazonaws.com';
    expect(of(document, [balanced({ hostname: name })])).toMatchObject({ targets: [{ host: name }] });
  });

  it('may have no address yet', () => {
    expect(of(document, [inside, balanced()])).toEqual({
      state: 'pending',
      why: 'the Service gateway-loadbalancer has no address yet',
    });
  });

  it('is not there before the deploy, and one of an earlier exposure is named', () => {
    expect(of(document, [])).toEqual({ state: 'absent', why: 'there is no Service gateway-loadbalancer' });
    expect(of(document, [inside, atNodes])).toEqual({
      state: 'absent',
      why: 'there is no Service gateway-loadbalancer; there is gateway-nodeport, of another exposure',
    });
  });
});

describe('node ports', () => {
  it('answer at every node that is ready, from outside where nodes have such addresses', () => {
    expect(of({}, [atNodes])).toEqual({
      state: 'there',
      targets: [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }],
      ports: [
        { name: 'http', port: 30080 },
        { name: 'https', port: 30443 },
      ],
      how: 'nodes',
    });
    const both = [node('one', { InternalIP: '10.0.0.1', ExternalIP: '198.51.100.4' }), ...nodes.slice(1)];
    expect(of({}, [atNodes], [], both)).toMatchObject({ targets: [{ ip: '198.51.100.4' }] });
  });

  it('answer at what leads to the nodes, by the ports that they stand for', () => {
    expect(of({ front: '127.0.0.1' }, [atNodes])).toMatchObject({
      targets: [{ ip: '127.0.0.1' }],
      ports: outer,
    });
    expect(of({ front: 'edge.example.com' }, [atNodes])).toMatchObject({
      targets: [{ host: 'edge.example.com' }],
    });
  });

  it('answer nowhere while no node is ready', () => {
    expect(of({}, [atNodes], [], nodes.slice(2))).toMatchObject({ state: 'absent' });
  });
});

it('ports of the hosts answer at the nodes that run a pod', () => {
  const pod = live({
    metadata: { name: 'gateway-1' },
    spec: {
      nodeName: 'two',
      containers: [
        {
          ports: [
            { name: 'http', containerPort: 8080, hostPort: 80 },
            { name: 'status', containerPort: 8083 },
          ],
        },
      ],
    },
  });
  const waiting = live({ metadata: { name: 'gateway-2' }, spec: { containers: [] } });
  expect(of({ exposure: 'host-ports' }, [inside], [waiting, pod])).toEqual({
    state: 'there',
    targets: [{ ip: '10.0.0.2' }],
    ports: [{ name: 'http', port: 80 }],
    how: 'nodes that run it',
  });
  expect(of({ exposure: 'host-ports' }, [inside], [waiting])).toMatchObject({ state: 'absent' });
});
