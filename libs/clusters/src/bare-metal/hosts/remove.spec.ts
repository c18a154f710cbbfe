import { RecordingRunner } from '@berth/exec';
import { UserError, type Cluster } from '@berth/model';
import { fakeMachine } from '../machine/fake-machine';
import type { Connections } from './connect';
import type { Host } from './host';
import { removalSteps } from './remove';

/** What the API server of the first host has, by path. */
const objects = new Map<string, object>();
jest.mock('../control-plane/api', () => ({
  ...jest.requireActual<object>('../control-plane/api'),
  getFromApi: async (_: unknown, path: string) => objects.get(path),
}));

const cluster = {
  name: 'rack',
  root: 'deploy/clusters/rack',
  hosts: ['root@10.0.0.1'],
} as unknown as Cluster;
const node = (number: number, ready = true) => ({
  metadata: { name: `rack-${number}`, annotations: { 'berth.dev/host': `root@10.0.0.${number}` } },
  status: {
    nodeInfo: { kubeletVersion: 'v1' },
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'Unknown' }],
  },
});
const pod = (name: string, nodeName: string, kind = 'ReplicaSet') => ({
  metadata: { name, namespace: 'staging', ownerReferences: [{ kind }] },
  spec: { nodeName },
});

/** A host that left, and does not answer any more. */
const silent = {
  reach: async (_: unknown, entry: string) => ({ entry, error: new UserError('no route to host') }),
} as unknown as Connections;

/** One that does, and has a folder of the cluster. */
const answering = {
  reach: async (_: unknown, entry: string) => {
    const ssh = new RecordingRunner()
      .when(['test', '-e'], (argv) => ({ exitCode: argv[2]?.endsWith('/var/lib/berth') ? 0 : 1 }))
      .when(['cat'], { exitCode: 1 })
      .when(['ls'], { exitCode: 2 });
    return { entry, here: ssh, ssh, facts: { root: 'yes', hostname: 'rack-2', address: '10.0.0.2' } };
  },
} as unknown as Connections;

function firstHost(): Host {
  const machine = fakeMachine();
  return {
    entry: 'root@10.0.0.1',
    nodeName: 'rack-1',
    machine: { ...machine, node: { ...machine.node, alone: false } },
  };
}

beforeEach(() => {
  objects.clear();
  objects.set('/api/v1/nodes', { items: [node(1), node(2)] });
  objects.set('/api/v1/nodes/rack-2', node(2));
  objects.set('/api/v1/pods', {
    items: [pod('web-1', 'rack-2'), pod('web-2', 'rack-1'), pod('kube-proxy-1', 'rack-2', 'DaemonSet')],
  });
});

describe('removing hosts', () => {
  it('is nothing while cluster.json names the host of every node', async () => {
    const all = { ...cluster, hosts: ['root@10.0.0.1', 'root@10.0.0.2'] };
    expect(await removalSteps(all, [firstHost()], silent)).toEqual([]);
  });

  it('lists the pods that move, and says what stays on a host that does not answer', async () => {
    const steps = await removalSteps(cluster, [firstHost()], silent);
    expect(steps.map(({ title }) => title)).toEqual([
      'Drain rack-2',
      'Remove rack-2',
      'Network of nodes and pods',
    ]);
    expect(steps[0]?.details).toEqual(['no new pods on rack-2', 'move pod staging/web-1']);
    expect(steps[1]?.details[1]).toMatch(/root@10\.0\.0\.2 does not answer: what is on that host stays/);
  });

  it('drains before it deletes the node, and does neither twice', async () => {
    const first = firstHost();
    const [drain, remove] = await removalSteps(cluster, [first], silent);
    await drain?.run(() => undefined);
    await remove?.run(() => undefined);
    const { lines } = first.machine.runner as unknown as { lines: string[] };
    expect(lines.map((line) => / (drain|delete node) rack-2/.exec(line)?.[1])).toEqual([
      'drain',
      'delete node',
    ]);
    objects.delete('/api/v1/nodes/rack-2');
    await drain?.run(() => undefined);
    expect(lines).toHaveLength(2);
  });

  it('waits for pods only while somebody says that they have ended', async () => {
    const first = firstHost();
    const [drain] = await removalSteps(cluster, [first], silent);
    await drain?.run(() => undefined);
    objects.set('/api/v1/nodes', { items: [node(1), node(2, false)] });
    await drain?.run(() => undefined);
    const { lines } = first.machine.runner as unknown as { lines: string[] };
    expect(lines.map((line) => line.includes('--skip-wait-for-delete-timeout'))).toEqual([false, true]);
  });

  it('takes the node away only when its host is clean, so that the same command finds both again', async () => {
    const steps = await removalSteps(cluster, [firstHost()], answering);
    expect(steps.map(({ title }) => title)).toEqual([
      'Drain rack-2',
      'Delete images, volumes and files of rack-2',
      'Remove rack-2',
      'Network of nodes and pods',
    ]);
  });

  it('is refused while a volume is there, which names what to type', async () => {
    objects.set('/api/v1/persistentvolumes', {
      items: [
        {
          metadata: { name: 'pvc-1' },
          spec: {
            claimRef: { namespace: 'staging', name: 'data-store-0' },
            nodeAffinity: {
              required: { nodeSelectorTerms: [{ matchExpressions: [{ values: ['rack-2'] }] }] },
            },
          },
        },
      ],
    });
    await expect(removalSteps(cluster, [firstHost()], silent)).rejects.toMatchObject({
      message: expect.stringContaining('the node rack-2 has the data of staging/data-store-0'),
      hint: expect.stringContaining('kubectl -n staging delete persistentvolumeclaim data-store-0'),
    });
  });
});
