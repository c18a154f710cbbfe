import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fakeMachine, type FakeMachine } from '../machine/fake-machine';
import { mortalMachine } from '../machine/mortal-machine';
import { kubeletUnit } from '../machine/units';
import type { Machine } from '../machine';
import { joinStep } from './join';

/** What the API server of the first host has, by path. */
const objects = new Map<string, object>();
jest.mock('../control-plane/api', () => ({
  ...jest.requireActual<object>('../control-plane/api'),
  getFromApi: async (_: unknown, path: string) => objects.get(path),
}));

const NODE = '/api/v1/nodes/rack-2';
const ENTRY = 'root@10.0.0.2';
const put = (path: string, content = '') => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
};

/** A first host whose kubectl and kubeadm do as told. */
function firstHost(): FakeMachine {
  const machine = fakeMachine();
  machine.node = { ...machine.node, address: '10.0.0.1', alone: false };
  machine.runner
    .when([join(machine.paths.bin, 'kubeadm'), 'token'], {
      stdout: 'kubeadm join 10.0.0.1:6443 --token abc.def --discovery-token-ca-cert-hash sha256:123\n',
    })
    .when(
      (argv) => argv.includes('annotate'),
      (argv) => {
        const annotation = argv.find((word) => word.startsWith('berth.dev/host=')) ?? '';
        objects.set(NODE, { metadata: { annotations: { 'berth.dev/host': annotation.split('=')[1] } } });
        return {};
      },
    );
  return machine;
}

/** A host whose kubeadm refuses to begin where anything of another try is left, and makes a node. */
function otherHost(): FakeMachine {
  const machine = fakeMachine();
  machine.node = { ...machine.node, address: '10.0.0.2', alone: false };
  const { kubernetes, kubelet, bin } = machine.paths;
  machine.runner.when([join(bin, 'kubeadm'), 'join'], () => {
    if (existsSync(kubernetes) && readdirSync(kubernetes).length > 0)
      return { exitCode: 1, stderr: `${kubernetes} is not empty` };
    put(join(kubernetes, 'kubelet.conf'));
    put(join(kubelet, 'pki/kubelet-client-current.pem'));
    objects.set(NODE, { metadata: {} });
    return {};
  });
  return machine;
}

const stepOf = (first: Machine, machine: Machine) =>
  joinStep(first, { entry: ENTRY, nodeName: 'rack-2', machine });
const joins = ({ runner }: FakeMachine) => runner.lines.filter((line) => line.includes('kubeadm join'));

beforeEach(() => objects.clear());

describe('joining a host', () => {
  it('is done once, with a token that nobody finds afterwards', async () => {
    const [first, machine] = [firstHost(), otherHost()];
    const step = stepOf(first, machine);
    expect(await step.done()).toBe(false);
    await step.run(() => undefined);
    expect(await step.done()).toBe(true);
    expect(joins(machine)).toHaveLength(1);
    expect(existsSync(join(machine.paths.state, 'kubeadm/join.yaml'))).toBe(false);
    expect(JSON.stringify(machine.runner.runs)).not.toContain('abc.def');
    expect(await machine.keeper.isRunning(kubeletUnit(machine))).toBe(true);
  });

  it('that is killed before any of its effects comes to the same end when it is run again', async () => {
    const effectsOf = async (diesAt?: number) => {
      objects.clear();
      const [first, machine] = [firstHost(), otherHost()];
      const mortal = mortalMachine(machine, diesAt);
      await Promise.race([stepOf(first, mortal).run(() => undefined), mortal.killed]);
      return { first, machine, effects: mortal.effects() };
    };
    const { effects } = await effectsOf();
    expect(effects).toBeGreaterThan(2);
    for (let diesAt = 1; diesAt <= effects; diesAt++) {
      const { first, machine } = await effectsOf(diesAt);
      await stepOf(first, machine).run(() => undefined);
      expect(await stepOf(first, machine).done()).toBe(true);
      expect(joins(machine)).toHaveLength(1);
    }
  });

  it('takes a node that has come about as it is, when the connection was lost before kubeadm had said so', async () => {
    const [first, machine] = [firstHost(), otherHost()];
    put(join(machine.paths.state, 'kubeadm/started'));
    put(join(machine.paths.kubernetes, 'kubelet.conf'));
    put(join(machine.paths.kubernetes, 'bootstrap-kubelet.conf'), 'token');
    put(join(machine.paths.kubelet, 'pki/kubelet-client-current.pem'));
    objects.set(NODE, { metadata: {} });
    await stepOf(first, machine).run(() => undefined);
    expect(joins(machine)).toEqual([]);
    expect(await stepOf(first, machine).done()).toBe(true);
    expect(existsSync(join(machine.paths.kubernetes, 'bootstrap-kubelet.conf'))).toBe(false);
  });

  it('ends a kubeadm that goes on since the connection was lost, before it begins again', async () => {
    const [first, machine] = [firstHost(), otherHost()];
    const own = join(machine.paths.bin, 'kubeadm');
    const left = { pid: 7, parent: 1, started: '1', argv: [own, 'join', '--config', 'join.yaml'] };
    const others = { ...left, pid: 8, argv: ['/usr/bin/kubeadm', 'join'] };
    const ended: number[] = [];
    machine.processes = {
      list: async () => [left, others],
      end: async (identities) => void ended.push(...identities.map(({ pid }) => pid)),
    };
    put(join(machine.paths.state, 'kubeadm/started'));
    await stepOf(first, machine).run(() => undefined);
    expect(ended).toEqual([7]);
    expect(joins(machine)).toHaveLength(1);
  });

  it('takes the files of a try that was cut off away, and begins again', async () => {
    const [first, machine] = [firstHost(), otherHost()];
    put(join(machine.paths.state, 'kubeadm/started'));
    put(join(machine.paths.kubernetes, 'bootstrap-kubelet.conf'));
    await stepOf(first, machine).run(() => undefined);
    expect(joins(machine)).toHaveLength(1);
    expect(existsSync(join(machine.paths.kubernetes, 'bootstrap-kubelet.conf'))).toBe(false);
  });

  it('joins a host again that the cluster has forgotten', async () => {
    const [first, machine] = [firstHost(), otherHost()];
    await stepOf(first, machine).run(() => undefined);
    objects.clear();
    await stepOf(first, machine).run(() => undefined);
    expect(joins(machine)).toHaveLength(2);
  });

  it('never touches a control plane that somebody else made', async () => {
    const [first, machine] = [firstHost(), otherHost()];
    put(join(machine.paths.kubernetes, 'admin.conf'), 'theirs');
    await expect(stepOf(first, machine).run(() => undefined)).rejects.toThrow('that Berth did not make');
    expect(existsSync(join(machine.paths.kubernetes, 'admin.conf'))).toBe(true);
  });
});
