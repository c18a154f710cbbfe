import { ApiError, type KubeClient, type LiveObject } from '@berth/kube';
import type { KubernetesObject } from '@berth/manifests';
import { parseCluster } from '@berth/model';
import { checkCluster } from './checks';
import { isOnThisMachine, readAnnouncement } from './local-registry';
import type { Recognised } from './traits';

const cluster = parseCluster('{"provider": "existing", "context": "work"}', {
  name: 'work',
  root: 'deploy/clusters/work',
});

const node = (name: string, ready = 'True') =>
  ({
    kind: 'Node',
    metadata: { name },
    status: { conditions: [{ type: 'Ready', status: ready }] },
  }) as unknown as LiveObject;

/** A cluster that has everything, but for what a test takes away. */
class StandIn {
  readonly kubectl = 'kubectl';
  kubernetes = 'v1.31.2';
  classes: object[] = [
    {
      metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    },
  ];
  kinds = ['PodMetrics'];
  announced: string | undefined;
  forbidden: string[] = [];
  /** What answers a namespace that asks for a standard that there is none of. */
  refusal: ApiError | undefined = new ApiError(
    'must be one of privileged, baseline, restricted',
    422,
    'Invalid',
    [],
  );
  /** What was made for good. */
  readonly made: string[] = [];

  version = async () => this.kubernetes;
  list = async () => ({ items: this.classes });
  resource = async (_version: string, kind: string) => (this.kinds.includes(kind) ? {} : undefined);
  /** Whether minikube's addon is there. */
  addon = false;
  get = async ({ kind }: { kind: string }) =>
    kind === 'Service'
      ? this.addon
        ? { metadata: { labels: { 'kubernetes.io/minikube-addons': 'registry' } } }
        : undefined
      : this.announced === undefined
        ? undefined
        : { data: { 'localRegistryHosting.v1': this.announced } };
  create = async (object: KubernetesObject, options: { dryRun?: boolean }) => {
    if (object.kind === 'SelfSubjectAccessReview') {
      const { verb, resource } = (object.spec as { resourceAttributes: Record<string, string> })
        .resourceAttributes;
      return { status: { allowed: !this.forbidden.includes(`${verb} ${resource}`) } };
    }
    if (!options.dryRun) this.made.push(object.kind);
    if (this.refusal) throw this.refusal;
    return object;
  };

  async check(
    recognised?: Recognised,
    registry?: string,
    nodes = [node('one')],
    on = cluster,
  ): Promise<string[]> {
    const client = this as unknown as KubeClient;
    const found = await checkCluster({ client, cluster: on, recognised, nodes, registry });
    return found.map(({ state, what, hint }) => `${state}: ${what}${hint ? ` (${hint})` : ''}`);
  }
}

let standIn: StandIn;
beforeEach(() => (standIn = new StandIn()));
afterEach(() => expect(standIn.made).toEqual([]));

it('says of a cluster that has everything what was looked at', async () => {
  expect(await standIn.check()).toEqual([
    'well: Kubernetes v1.31.2',
    'well: 1 of 1 nodes ready',
    'well: the rights of a deploy, and of the environment admin',
    'well: Pod Security admission',
    'well: default StorageClass standard',
    'well: the metrics API',
  ]);
});

it.each<[string, (standIn: StandIn) => void, string]>([
  [
    'an old version',
    (each) => (each.kubernetes = 'v1.29.9-gke.1'),
    'missing: Kubernetes is v1.29.9-gke.1, and Berth needs 1.30',
  ],
  [
    'rights',
    (each) => (each.forbidden = ['create namespaces', 'delete secrets']),
    'missing: these credentials may not create namespaces, delete secrets (whoever may has to allow it; what is allowed: kubectl auth can-i --list)',
  ],
  [
    'rights that only the gateway needs',
    (each) => (each.forbidden = ['create clusterroles']),
    'note: these credentials may not create clusterroles, which gateway, monitoring and janitor need',
  ],
  ['Pod Security admission', (each) => (each.refusal = undefined), 'note: Pod Security admission is off'],
  [
    'the right to try Pod Security admission',
    (each) => (each.refusal = new ApiError('namespaces is forbidden', 403, 'Forbidden', [])),
    'note: whether Pod Security admission is on could not be tried (namespaces is forbidden)',
  ],
  [
    'a StorageClass that is the default',
    (each) => (each.classes = [{ metadata: { name: 'slow' } }]),
    'note: no default StorageClass: services with volumes cannot start (kubectl annotate storageclass slow storageclass.kubernetes.io/is-default-class=true)',
  ],
  [
    'any StorageClass',
    (each) => (each.classes = []),
    'note: no default StorageClass: services with volumes cannot start (install a provisioner',
  ],
  ['the metrics API', (each) => (each.kinds = []), 'note: no metrics API: services with scale.max stay'],
])('names what is missing: %s', async (_what, take, expected) => {
  take(standIn);
  expect((await standIn.check()).join('\n')).toContain(expected);
});

it('a server that fails otherwise is no answer about Pod Security', async () => {
  standIn.refusal = new ApiError('etcd is away', 500, '', []);
  await expect(standIn.check()).rejects.toThrow('etcd is away');
  standIn.refusal = undefined;
});

it('says which nodes take no pods, and that a cluster of none is of no use', async () => {
  const half = await standIn.check(undefined, undefined, [node('one'), node('two', 'Unknown')]);
  expect(half[1]).toBe('note: 1 of 2 nodes ready (kubectl describe nodes)');
  expect((await standIn.check(undefined, undefined, []))[1]).toMatch(/^missing: 0 of 0 nodes ready/);
});

it('a cluster of which these credentials see little may do for a deploy', async () => {
  standIn.list = () => Promise.reject(new ApiError('storageclasses is forbidden', 403, 'Forbidden', []));
  const found = await checkCluster({
    client: standIn as unknown as KubeClient,
    cluster,
    recognised: undefined,
    nodes: undefined,
    registry: undefined,
  });
  expect(found.filter(({ state }) => state !== 'well').map(({ state, what }) => `${state}: ${what}`)).toEqual(
    [
      'note: whether nodes are ready could not be seen',
      'note: whether there is a default StorageClass could not be seen',
    ],
  );
});

describe('the registry', () => {
  const kind: Recognised = { product: 'kind', name: 'desk' };
  const last = async (registry: string, recognised?: Recognised) =>
    (await standIn.check(recognised, registry)).at(-1);

  it('names the option for a registry that the cluster announces', async () => {
    standIn.announced =
      'host: "localhost:5001"\nhelp: "https://kind.sigs.k8s.io/docs/user/local-registry/"\n';
    expect(await last('localhost:5000/berth', kind)).toBe(
      'note: the cluster announces the registry localhost:5001, and images go to localhost:5000/berth (set "registry": "localhost:5001/berth" in the options of @berth/nx in nx.json, then nx sync (https://kind.sigs.k8s.io/docs/user/local-registry/))',
    );
    expect(await last('localhost:5001/berth', kind)).toBe('well: the registry localhost:5001');
  });

  it('knows the addon of minikube, which announces nothing, and the way to it', async () => {
    const minikube: Recognised = { product: 'minikube', name: 'desk' };
    expect(await last('localhost:5000/berth', minikube)).toContain('minikube addons enable registry');
    standIn.addon = true;
    expect(await last('localhost:5000/berth', minikube)).toBe(
      'note: images go to localhost:5000/berth, the addon registry of minikube (desk) (images are pushed to it while this runs: kubectl port-forward --namespace kube-system service/registry 5000:80)',
    );
    expect(await last('localhost:5001/berth', minikube)).toMatch(
      /^note: nodes reach the addon registry of minikube as localhost:5000, and images go to localhost:5001\/berth \(set "registry": "localhost:5000\/berth".*port-forward/,
    );
    expect(await last('ghcr.io/desk', minikube)).not.toContain('registry');
  });

  it("says that a cloud's nodes do not reach a registry of this machine, and what they do", async () => {
    expect(await last('localhost:5000/berth', { product: 'aks', name: 'prod' })).toMatch(
      /^note: images go to localhost:5000\/berth, which only this machine reaches.*az aks update .*--name prod --attach-acr/,
    );
    expect(await last('desk.azurecr.io/berth', { product: 'aks' })).not.toContain('azurecr');
  });
});

it('says when ports are opened otherwise than clusters of this kind do it, and what they need', async () => {
  const on = (document: object) =>
    parseCluster(JSON.stringify({ provider: 'existing', ...document }), {
      name: 'work',
      root: 'deploy/clusters/work',
    });
  const said = async (document: object, product: Recognised['product']) =>
    (await standIn.check({ product }, undefined, undefined, on(document))).at(-1);
  expect(await said({ exposure: 'load-balancer' }, 'kind')).toBe(
    'note: ports are opened by load-balancer, and kind usually does it by node-ports ("exposure": "node-ports" in deploy/clusters/work/cluster.json, unless this one differs)',
  );
  expect(await said({}, 'kind')).toMatch(/^note: ports are reached only if this is so .*extraPortMappings/);
  expect(await said({ exposure: 'load-balancer' }, 'docker-desktop')).toBe('well: the metrics API');
});

describe('readAnnouncement', () => {
  it.each([
    ['host: "localhost:5001"', { host: 'localhost:5001' }],
    [
      'host: registry.example.com\nhelp: https://example.com',
      { host: 'registry.example.com', help: 'https://example.com' },
    ],
    // What a script writes that forgot a quotation mark: it stands in public repositories.
    ['host: "localhost:5001\nhelp: "https://kind.sigs.k8s.io"', undefined],
    ['host: [1]', undefined],
    ['host: "http://localhost:5001/"', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j', (text, expected) => expect(readAnnouncement(text)).toEqual(expected));
});

it.each([
  ['localhost:5000/berth', true],
  ['127.0.0.1:5000', true],
  ['registry.localhost/berth', true],
  ['localhost.example.com/berth', false],
  ['ghcr.io/berth', false],
])('%s is on this machine alone: %s', (registry, expected) => {
  expect(isOnThisMachine(registry)).toBe(expected);
});
