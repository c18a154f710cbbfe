import { referenceOf, type Observation } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import { ApiError } from '@berth/kube';
import { apply } from './apply';
import { applySetId, partOfLabel } from './names';
import { plan } from './plan';
import { PlanMemory } from './plan-memory';
import { ClientStandIn } from './testing-client';

type Fields = Record<string, unknown>;

const object = (
  kind: string,
  name: string,
  fields: Fields = {},
  apiVersion = 'apps/v1',
): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'staging' },
  ...fields,
});
const mine = (each: KubernetesObject, uid = each.metadata.name): KubernetesObject => ({
  ...each,
  metadata: {
    ...each.metadata,
    uid,
    labels: { [partOfLabel]: applySetId('staging') },
  } as KubernetesObject['metadata'],
});
const namespace = (enforce?: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'staging', labels: enforce ? { 'pod-security.kubernetes.io/enforce': enforce } : {} },
});

let cluster: ClientStandIn;
beforeEach(() => {
  cluster = new ClientStandIn();
});
const planned = (
  desired: KubernetesObject[],
  live: KubernetesObject[] = [],
  rest: Partial<Observation> = {},
) => plan(cluster.client, 'staging', desired, { exists: true, live, inventory: [], ...rest });
const refusalsOf = async (...all: Parameters<typeof planned>) =>
  (await planned(...all)).flatMap(({ refusals = [] }) => refusals);

describe('what the server refuses', () => {
  const invalid = new ApiError('spec.replicas: must be positive', 422, 'Invalid', []);

  it('is kept of each object, and does not hide the others', async () => {
    cluster.verdict = () => invalid;
    expect(await refusalsOf([object('Deployment', 'web'), object('Deployment', 'store')])).toEqual([
      'deployment/web: spec.replicas: must be positive',
      'deployment/store: spec.replicas: must be positive',
    ]);
  });

  it('is never applied, whoever made the plan', async () => {
    cluster.verdict = () => invalid;
    const changes = await planned([object('Deployment', 'web'), object('ConfigMap', 'x', {}, 'v1')]);
    cluster.asked.length = 0;
    await expect(apply(cluster.client, 'staging', [changes], {})).rejects.toThrow(
      'nothing was changed:\n  - deployment/web: spec.replicas: must be positive\n  - configmap/x:',
    );
    expect(cluster.asked).toEqual([]);
  });

  it('is not what it fails at', async () => {
    cluster.verdict = () => new ApiError('etcd is away', 500, '', []);
    await expect(planned([object('Deployment', 'web')])).rejects.toThrow('etcd is away');
  });

  it('is a kind that it does not have, but for one whose definition is in the set', async () => {
    cluster.unknown.add('Thing');
    const thing = object('Thing', 'one', {}, 'example.com/v1');
    const definition = object(
      'CustomResourceDefinition',
      'things.example.com',
      { spec: { group: 'example.com', names: { kind: 'Thing' } } },
      'apiextensions.k8s.io/v1',
    );
    expect(await refusalsOf([thing], [], { exists: false })).toEqual([
      'thing/one: the cluster has no kind Thing in example.com/v1, and the environment has no CustomResourceDefinition of it. kubectl api-resources',
    ]);
    expect(await refusalsOf([thing, definition])).toEqual([]);
  });

  it('is an object of another ApplySet, which is not even tried', async () => {
    const theirs = object('Deployment', 'web');
    theirs.metadata.labels = { [partOfLabel]: 'applyset-other-v1' };
    expect(await refusalsOf([object('Deployment', 'web')], [theirs])).toEqual([
      expect.stringContaining('deployment/web belongs to another tool or environment'),
    ]);
    expect(cluster.asked).toEqual([]);
  });
});

describe('an object that is not there', () => {
  const withPorts = (...ports: number[]) =>
    object('Service', 'web', { spec: { ports: ports.map((port) => ({ port, protocol: 'TCP' })) } }, 'v1');

  it('is tried as a new one, once', async () => {
    const changes = await planned([withPorts(80, 443)]);
    expect(changes).toMatchObject([{ action: 'create' }]);
    expect(cluster.asked).toEqual(['CREATE Service/web']);
  });

  it('is applied where that may be refused and a new one is not: two elements of a list have one key', async () => {
    await planned([withPorts(80, 80)]);
    expect(cluster.asked).toEqual(['APPLY Service/web']);
  });

  it('is applied when it has come meanwhile', async () => {
    const exists = new ApiError('web already exists', 409, 'AlreadyExists', []);
    cluster.verdict = () => (cluster.asked.at(-1)?.startsWith('CREATE') ? exists : undefined);
    expect(await refusalsOf([withPorts(80)])).toEqual([]);
    expect(cluster.asked).toEqual(['CREATE Service/web', 'APPLY Service/web']);
  });
});

describe('a warning of Pod Security', () => {
  const warning = (level: string) => `would violate PodSecurity "${level}:latest": runAsNonRoot != true`;
  const web = object('Deployment', 'web');

  it.each([
    ['restricted', 'restricted'],
    ['baseline', 'restricted'],
  ])('by %s is a refusal where %s is enforced', async (warned, enforced) => {
    cluster.verdict = ({ kind }, warn) => void (kind === 'Deployment' && warn(warning(warned)));
    expect(await refusalsOf([namespace(enforced), web])).toEqual([
      `deployment/web: its pods would be refused, it ${warning(warned)}`,
    ]);
    expect(await refusalsOf([web], [namespace(enforced)])).toHaveLength(1);
  });

  it.each([
    ['restricted', 'baseline'],
    ['restricted', undefined],
  ])('by %s is only shown where %s is enforced', async (warned, enforced) => {
    cluster.verdict = ({ kind }, warn) => void (kind === 'Deployment' && warn(warning(warned)));
    const [, change] = await planned([namespace(enforced), web]);
    expect(change).toMatchObject({ action: 'create', warnings: [warning(warned)] });
    expect(change?.refusals).toBeUndefined();
  });
});

describe('a field that cannot be changed', () => {
  const immutable = new ApiError('spec.x: Invalid value: field is immutable', 422, 'Invalid', []);
  const exists = new ApiError('web already exists', 409, 'AlreadyExists', []);
  /** Refuses the change, and answers the trial of the new object with this. */
  const whenNew = (answer?: ApiError) => {
    cluster.verdict = () => (cluster.asked.at(-1)?.startsWith('CREATE') ? answer : immutable);
  };
  const set = (kind: string, spec: Fields, apiVersion?: string) => object(kind, 'web', { spec }, apiVersion);

  it.each([
    [
      'Deployment',
      { selector: { a: '1' } },
      { selector: { a: '2' } },
      'its pods end before the new ones start',
    ],
    ['StatefulSet', { volumeClaimTemplates: ['a'] }, { volumeClaimTemplates: ['b'] }, 'its pods live on'],
  ])('makes a %s anew, and says what that means', async (kind, before, after, consequence) => {
    whenNew(exists);
    const [change] = await planned([set(kind, after)], [set(kind, before)]);
    expect(change).toMatchObject({
      action: 'recreate',
      reason: expect.stringContaining(`cannot be changed; ${consequence}`),
    });
    expect(change?.refusals).toBeUndefined();
  });

  it.each([
    ['PersistentVolumeClaim', 'v1', {}, 'its data would be lost'],
    ['CustomResourceDefinition', 'apiextensions.k8s.io/v1', {}, 'every object of its kind would be lost'],
    [
      'StatefulSet',
      'apps/v1',
      { selector: '1', persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' } },
      'its volumes would be deleted with it',
    ],
  ])('of a %s is refused: data would be lost', async (kind, apiVersion, before, loss) => {
    whenNew(exists);
    expect(
      await refusalsOf([set(kind, { selector: '2' }, apiVersion)], [set(kind, before, apiVersion)]),
    ).toEqual([expect.stringContaining(`${kind.toLowerCase()}/web would have to be made anew, and ${loss}`)]);
    expect(cluster.asked.some((asked) => asked.startsWith('CREATE'))).toBe(false);
  });

  it('deletes nothing that the server would not take anew', async () => {
    whenNew(new ApiError('spec.y: Required value', 422, 'Invalid', []));
    const refusals = await refusalsOf(
      [set('Deployment', { selector: '2' })],
      [set('Deployment', { selector: '1' })],
    );
    expect(refusals).toEqual(['deployment/web: spec.y: Required value']);
  });
});

describe('a ConfigMap that is no longer in the set', () => {
  const settings = mine(object('ConfigMap', 'settings-1', {}, 'v1'));
  const web = mine(object('Deployment', 'web'), 'uid-of-web');
  const old = (owner: string) => {
    const pod = { containers: [{ name: 'web', envFrom: [{ configMapRef: { name: 'settings-1' } }] }] };
    const replicaSet = object('ReplicaSet', 'web-1', { spec: { template: { spec: pod } } });
    Object.assign(replicaSet.metadata, { ownerReferences: [{ uid: owner }] });
    return replicaSet;
  };
  const prune = async (desired: KubernetesObject[]) => {
    const live = [settings, web];
    const changes = await planned(desired, live, { inventory: live.map(referenceOf) });
    return changes.find(({ object: { name } }) => name === 'settings-1');
  };

  it('is kept as long as an old ReplicaSet names it', async () => {
    cluster.objects.push(old('uid-of-web'));
    const change = await prune([object('Deployment', 'web')]);
    expect(change).toMatchObject({ action: 'same', reason: 'kept as long as replicaset/web-1 names it' });
    cluster.objects.length = 0;
    expect(await prune([object('Deployment', 'web')])).toMatchObject({ action: 'prune' });
  });

  it('goes with the service whose old ReplicaSet it is', async () => {
    cluster.objects.push(old('uid-of-web'));
    expect(await prune([object('Deployment', 'other')])).toMatchObject({ action: 'prune' });
  });
});

describe('a trial', () => {
  const version = (each: KubernetesObject, resourceVersion: string): KubernetesObject => ({
    ...mine(each),
    metadata: { ...mine(each).metadata, resourceVersion } as KubernetesObject['metadata'],
  });
  const web = object('Deployment', 'web', { spec: { replicas: 1 } });
  let memory: PlanMemory;
  beforeEach(() => {
    memory = new PlanMemory();
  });
  const again = async (desired: KubernetesObject[], live: KubernetesObject[] = []) => {
    cluster.asked.length = 0;
    const observation = { exists: true, live, inventory: [] };
    const changes = await plan(cluster.client, 'staging', desired, observation, memory);
    return { changes, asked: cluster.asked };
  };

  it('is not made again by the next plan where nothing has changed since', async () => {
    expect((await again([web], [version(web, '1')])).asked).toEqual(['APPLY Deployment/web']);
    expect((await again([web], [version(web, '1')])).asked).toEqual([]);
    expect((await again([web], [version(web, '2')])).asked).toEqual(['APPLY Deployment/web']);
    const other = object('Deployment', 'web', { spec: { replicas: 2 } });
    expect((await again([other], [version(web, '2')])).asked).toEqual(['APPLY Deployment/web']);
    expect((await again([other])).asked).toEqual(['CREATE Deployment/web']);
  });

  it('is made again of what was refused, and of what the plan before did not have', async () => {
    const refuse = () => new ApiError('no', 403, 'Forbidden', []);
    cluster.verdict = refuse;
    await again([web]);
    cluster.verdict = () => undefined;
    const mended = await again([web]);
    expect(mended.asked).toEqual(['CREATE Deployment/web']);
    expect(mended.changes[0]?.refusals).toBeUndefined();
    await again([object('Deployment', 'store')]);
    expect((await again([web])).asked).toEqual(['CREATE Deployment/web']);
  });

  describe('in a namespace that the run has made', () => {
    beforeEach(() => memory.make('staging'));
    const service = (name: string, type = 'ClusterIP') => object('Service', name, { spec: { type } }, 'v1');
    const account = object('ServiceAccount', 'web', {}, 'v1');

    it('is made of what starts something, here or at a provider', async () => {
      const set = [account, service('web'), service('front', 'LoadBalancer'), object('Job', 'once'), web];
      expect((await again(set)).asked.sort()).toEqual([
        'CREATE Deployment/web',
        'CREATE Job/once',
        'CREATE Service/front',
      ]);
    });

    it('is made of everything once something is refused: all of it is told at once', async () => {
      cluster.verdict = ({ metadata: { name } }) =>
        ['web', 'front'].includes(name) ? new ApiError('no', 422, 'Invalid', []) : undefined;
      const { changes } = await again([account, service('front'), service('back'), web]);
      expect(changes.flatMap(({ refusals = [] }) => refusals)).toEqual([
        'serviceaccount/web: no',
        'service/front: no',
        'deployment/web: no',
      ]);
      expect(changes.some(({ untried }) => untried)).toBe(false);
    });

    it('is not missed: what was left out is applied first, and taken back when some of it is refused', async () => {
      const { changes } = await again([account, service('front'), service('back'), web]);
      const onWriting = jest.fn();
      const run = () => apply(cluster.client, 'staging', [changes], { onWriting });
      cluster.verdict = ({ metadata: { name } }) =>
        name === 'front' || name === 'back' ? new ApiError('no', 422, 'Invalid', []) : undefined;
      cluster.asked.length = 0;
      await expect(run()).rejects.toThrow(
        'staging cannot be deployed: 2 problems.\n  - service/front: no\n  - service/back: no',
      );
      expect(cluster.asked).toContain('DELETE ServiceAccount/web');
      expect(cluster.asked).not.toContain('APPLY Deployment/web');
      expect(onWriting).not.toHaveBeenCalled();

      cluster.verdict = () => undefined;
      cluster.asked.length = 0;
      await run();
      const applied = cluster.asked.filter((request) => request.startsWith('APPLY'));
      expect(applied.at(0)).toBe('APPLY Secret/berth-inventory');
      expect(applied.at(-1)).toBe('APPLY Deployment/web');
      expect(applied).toHaveLength(5);
      expect(onWriting).toHaveBeenCalledTimes(1);
    });
  });
});
