import type { CheckedName } from '../../cluster/check-names';
import type { ClusterReport } from '../../cluster/cluster-status';
import { clusterLines } from './status-lines';

const report: ClusterReport = {
  cluster: 'desk',
  provider: 'existing',
  recognised: 'kind (desk)',
  product: 'kind',
  version: 'v1.31.2',
  nodes: [
    { name: 'one', ready: true, version: 'v1.31.2', unschedulable: false },
    { name: 'twenty', ready: false, version: 'v1.30.0', unschedulable: false },
    { name: 'three', ready: true, version: 'v1.31.2', unschedulable: true },
  ],
  environments: ['admin', 'staging'],
  registry: 'localhost:5001',
  gateway: {
    state: 'there',
    targets: [{ ip: '203.0.113.7' }],
    ports: [
      { name: 'http', port: 80 },
      { name: 'https', port: 443 },
    ],
    how: 'load balancer',
  },
};
const name: CheckedName = {
  name: '*.example.com',
  environments: ['prod', 'staging'],
  records: [{ name: '*.example.com', type: 'A', value: '203.0.113.7' }],
  state: 'missing',
  leadsTo: [],
};
const lines = (
  changes: Partial<ClusterReport> = {},
  names: CheckedName[] = [],
  localhost?: { port: number; answers: boolean },
) =>
  clusterLines({
    report: { ...report, ...changes },
    names,
    gatewayEnvironment: 'admin',
    file: 'deploy/clusters/desk/cluster.json',
    ...(localhost && { localhost }),
  });

it('says what the cluster is, and where its gateway answers', () => {
  expect(lines()).toEqual([
    'desk: kind (desk), Kubernetes v1.31.2',
    '2 of 3 nodes ready',
    '    one     ready',
    '    twenty  not ready  v1.30.0',
    '    three   ready      takes no new pods',
    'environments: admin, staging',
    'announces the registry localhost:5001',
    'gateway: 203.0.113.7, port 80 (http), 443 (https), by load balancer',
  ]);
});

it('calls a cluster of ours by its provider, and says what may not be seen', () => {
  const {
    nodes: _nodes,
    environments: _environments,
    registry: _registry,
    recognised: _recognised,
    ...rest
  } = report;
  const shown = clusterLines({
    report: { ...rest, provider: 'bare-metal' },
    names: [],
    gatewayEnvironment: 'admin',
    file: '',
  });
  expect(shown.slice(0, 2)).toEqual([
    'desk: bare-metal, Kubernetes v1.31.2',
    'nodes: these credentials may not see them',
  ]);
  expect(clusterLines({ report: rest, names: [], gatewayEnvironment: 'admin', file: '' })[0]).toBe(
    'desk: not recognised, Kubernetes v1.31.2',
  );
});

it('says what to do for a gateway that nobody reaches', () => {
  expect(
    lines({ gateway: { state: 'absent', why: 'there is no Service gateway-nodeport' } }).slice(-2),
  ).toEqual([
    'gateway: not reachable from outside, there is no Service gateway-nodeport',
    '    nx deploy admin',
  ]);
  const none = {
    ...report,
    gateway: { state: 'absent' as const, why: 'there is no Service gateway-nodeport' },
  };
  expect(clusterLines({ report: none, names: [], file: '' }).at(-1)).toBe(
    '    no environment of this workspace has it here: nx g env admin-desk --cluster desk --projects <selector>',
  );
  const pending = { gateway: { state: 'pending' as const, why: 'the Service has no address yet' } };
  expect(lines({ ...pending, product: 'minikube' }).at(-1)).toContain('minikube tunnel');
  expect(lines({ ...pending, product: 'gke' }).at(-1)).toContain('"exposure": "node-ports"');
});

describe('of each name in DNS', () => {
  const said = (changes: Partial<CheckedName>) => lines({}, [{ ...name, ...changes }]).slice(8);
  const certificate =
    '    for HTTPS a certificate of *.example.com: authorities give one for a wildcard by a DNS challenge only (DNS-01)';

  it('says which record to make, and what is there instead', () => {
    const record = '    *.example.com  A  203.0.113.7';
    expect(said({})).toEqual(['DNS: *.example.com (prod, staging) is missing', record, certificate]);
    expect(said({ state: 'wrong', leadsTo: ['198.51.100.1'] })).toEqual([
      'DNS: *.example.com (prod, staging) leads elsewhere, it leads to 198.51.100.1',
      record,
      certificate,
    ]);
    expect(said({ state: 'unknown', problem: 'DNS does not say.' })[0]).toBe(
      'DNS: *.example.com (prod, staging) is not known: DNS does not say.',
    );
  });

  it('says that it is right, and no more', () => {
    expect(said({ state: 'right', leadsTo: ['203.0.113.7'] })).toEqual([
      'DNS: *.example.com (prod, staging) is right, it leads to 203.0.113.7',
      certificate,
    ]);
    expect(said({ name: 'desk.example.com', state: 'right' })).toHaveLength(1);
  });

  it('says of localhost whether the gateway answers on this machine', () => {
    const local: CheckedName = { ...name, name: '*.localhost', records: [], state: 'needless' };
    expect(lines({}, [local]).at(-1)).toBe(
      'DNS: *.localhost (prod, staging) needs no record: it is this machine',
    );
    expect(lines({}, [local], { port: 80, answers: true }).at(-1)).toMatch(/, where port 80 answers$/);
    expect(lines({}, [local], { port: 80, answers: false }).at(-1)).toContain('port 80 does not answer');
  });
});
