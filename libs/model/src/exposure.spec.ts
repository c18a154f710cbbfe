import { nodePortOn, outerPort, unopenablePorts } from './exposure';
import { parseCluster, parseEnvironment, parseService } from './parse';
import { ModelError } from './problem';

const folder = { name: 'desk', root: 'deploy/clusters/desk' };
/** What a cluster of a cloud must say besides. */
const places: Record<string, object> = {
  gke: { project: 'desk-123', zone: 'europe-west1-b' },
  eks: { region: 'eu-central-1' },
};
const cluster = (document: { provider: string; [field: string]: unknown }) =>
  parseCluster(JSON.stringify({ ...places[document.provider], ...document }), folder);
const environment = (document: object = {}) =>
  parseEnvironment(
    JSON.stringify({ projects: ['gateway'], ...document }),
    { name: 'admin', root: 'deploy/environments/admin' },
    { domain: 'example.com' },
  );
const service = (name: string, ...nodePorts: number[]) =>
  parseService(
    JSON.stringify({
      ports: nodePorts.map((nodePort, index) => ({ name: `p${index}`, port: 8080 + index, nodePort })),
    }),
    `apps/${name}/service.json`,
    name,
  );

const problems = (run: () => unknown): string[] => {
  try {
    run();
  } catch (error) {
    if (error instanceof ModelError) return error.message.split('\n');
    throw error;
  }
  return [];
};

describe('what a cluster.json says of ports', () => {
  it.each([
    [{ provider: 'bare-metal', hosts: ['localhost'] }, 'node-ports', 80],
    [{ provider: 'existing' }, 'node-ports', 30080],
    [{ provider: 'gke' }, 'load-balancer', 80],
    [{ provider: 'eks' }, 'load-balancer', 80],
    [{ provider: 'existing', exposure: 'load-balancer' }, 'load-balancer', 80],
    [{ provider: 'existing', exposure: 'host-ports' }, 'host-ports', 80],
    [{ provider: 'existing', nodePorts: { 80: 31000 } }, 'node-ports', 31000],
    [{ provider: 'existing', front: '127.0.0.1' }, 'node-ports', 80],
  ])('%j: port 80 is reached by %s, at %i', (document, exposure, port) => {
    const read = cluster(document);
    expect([read.exposure, outerPort(read, 80)]).toEqual([exposure, port]);
  });

  it.each<[object, string]>([
    [{ exposure: 'loadbalancer' }, 'exposure: must be one of load-balancer, node-ports, host-ports'],
    [{ nodePorts: { http: 30080 } }, 'nodePorts.http: is no good name here: must be a port number'],
    [{ nodePorts: { 80: 99999 } }, 'nodePorts[80]: must be a port number from 1 to 65535, not 99999'],
    [{ nodePorts: { 80: 30080, 443: 30080 } }, 'nodePorts[443]: 30080 stands for 80 already'],
    [{ nodePorts: { 70000: 30080 } }, 'nodePorts[70000]: is no port number: the highest is 65535'],
    [
      { nodePorts: { 80: 30080 }, exposure: 'load-balancer' },
      'nodePorts: has no effect with the exposure load-balancer (take it away, or write "exposure": "node-ports")',
    ],
    [{ front: '127.0.0.1/24' }, 'front: must be an IP address or a host name, without a port'],
  ])('refuses %j', (document, message) => {
    expect(problems(() => cluster({ provider: 'existing', ...document })).join('\n')).toContain(message);
  });
});

describe('unopenablePorts', () => {
  const refuse = (
    on: { provider: string; [field: string]: unknown },
    document: object,
    ...services: ReturnType<typeof service>[]
  ) =>
    unopenablePorts(environment(document), services, cluster(on)).map(
      (problem) => new ModelError([problem]).message,
    );

  it("takes the gateway's ports on every cluster that has node ports or a load balancer", () => {
    for (const provider of ['existing', 'gke', 'eks'])
      expect(refuse({ provider }, {}, service('gateway', 80, 443))).toEqual([]);
    const own = { provider: 'bare-metal', hosts: ['localhost'] };
    expect(refuse(own, {}, service('gateway', 80, 443), service('other', 8080))).toEqual([]);
  });

  it('names a number that no API server gives out unless it is told to, and where to say what stands for it', () => {
    expect(refuse({ provider: 'existing' }, {}, service('sql', 5432))).toEqual([
      'apps/sql/service.json at ports[0].nodePort: 5432 is no node port of the cluster desk: those are 30000 to 32767 (say which of them stands for it: "nodePorts": { "80": 30080, "443": 30443, "5432": 30… } in deploy/clusters/desk/cluster.json)',
    ]);
    expect(refuse({ provider: 'existing', nodePorts: { 5432: 5432 } }, {}, service('sql', 5432))).toEqual([]);
  });

  it('names two ports that come to one', () => {
    expect(refuse({ provider: 'existing' }, {}, service('gateway', 80), service('other', 30080))).toEqual([
      'apps/other/service.json at ports[0].nodePort: is 30080 on the nodes of the cluster desk, as 80 of gateway',
    ]);
  });

  it('refuses ports of the hosts where the namespace would refuse the pods, and says what to write', () => {
    const on = { provider: 'existing', exposure: 'host-ports' };
    const [refused] = refuse(on, {}, service('gateway', 80));
    expect(refused).toMatch(
      /^deploy\/environments\/admin\/env\.json at podSecurity: the cluster desk opens ports by host-ports, which the Pod Security Standard restricted forbids.*"podSecurity": "privileged"/,
    );
    expect(refuse(on, { podSecurity: 'baseline' }, service('gateway', 80))).toHaveLength(1);
    expect(refuse(on, { podSecurity: 'privileged' }, service('gateway', 80))).toEqual([]);
    expect(refuse(on, {}, service('web'))).toEqual([]);
  });
});

it('a port without a stand-in stands for itself', () => {
  expect(nodePortOn({ nodePorts: { 80: 30080 } }, 443)).toBe(443);
});
