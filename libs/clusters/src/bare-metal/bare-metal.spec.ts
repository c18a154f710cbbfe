import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError, type Cluster } from '@berth/model';
import { BareMetal } from './bare-metal';
import { refuseForeignControlPlane } from './control-plane/control-plane';
import { kubeadmFile } from './control-plane/kubeadm-configuration';
import { writeWhole } from './files';
import { fakeMachine, putAdminConfig, type FakeMachine } from './machine/fake-machine';
import { kubeletUnit, registryUnit } from './machine/units';
import { KUBERNETES_VERSION } from './versions';

const cluster: Cluster = {
  name: 'local',
  root: 'deploy/clusters/local',
  provider: 'bare-metal',
  kubeconfig: 'deploy/clusters/local/kubeconfig',
  context: 'berth-local',
  exposure: 'node-ports',
  nodePorts: {},
  hosts: ['localhost'],
};
const put = (path: string) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
};
const titles = (steps: readonly { title: string }[]) => steps.map(({ title }) => title);
const provider = (machine: FakeMachine) => new BareMetal(machine, machine.root);

describe('a cluster on this machine', () => {
  it('has no nodes before it is made', async () => {
    expect(await provider(fakeMachine()).observe(cluster)).toEqual({
      exists: false,
      ready: false,
      nodes: [],
    });
  });

  it('is made with registry and engine before images, and the control plane after its network', async () => {
    const steps = titles(await provider(fakeMachine()).planCreate(cluster));
    const order = [
      'Debian packages',
      'Container runtime',
      'Network of node and pods',
      'Control plane',
      'Storage',
      'Mark',
    ];
    expect(order.map((title) => steps.indexOf(title))).not.toContain(-1);
    expect(order.map((title) => steps.indexOf(title))).toEqual(
      order.map((title) => steps.indexOf(title)).toSorted((a, b) => a - b),
    );
  });

  it('starts nothing while it is planned', async () => {
    const machine = fakeMachine();
    await provider(machine).planCreate(cluster);
    expect(machine.keeper.units.size).toBe(0);
    expect(existsSync(machine.paths.state)).toBe(false);
    expect(machine.runner.lines.filter((line) => /^(apt-get|kubeadm|ip link|sysctl)/.test(line))).toEqual([]);
  });

  it('takes only this machine, and says which field is wrong', async () => {
    const error = await provider(fakeMachine())
      .planCreate({ ...cluster, hosts: ['10.0.0.7', '10.0.0.8'] })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toContain('deploy/clusters/local/cluster.json at hosts');
  });

  it('is left as it is when another version of Kubernetes made it', async () => {
    const machine = fakeMachine();
    const { state } = machine.paths;
    for (const path of ['kubeadm/started', 'kubeadm/finished']) put(join(state, path));
    putAdminConfig(machine);
    const { path, content } = await kubeadmFile(machine, 'local-1');
    writeWhole({ path, content: content.replace(KUBERNETES_VERSION, 'v1.33.1') });
    const error = await provider(machine)
      .planCreate(cluster)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toContain('local was made with Kubernetes v1.33.1');
    writeWhole({ path, content });
    expect(titles(await provider(machine).planCreate(cluster))).toContain('Container runtime');
  });

  it('leaves a control plane of someone else alone', async () => {
    const machine = fakeMachine();
    put(join(machine.paths.kubernetes, 'admin.conf'));
    await expect(refuseForeignControlPlane(machine)).rejects.toThrow('that Berth did not make');
    put(join(machine.paths.state, 'kubeadm/started'));
    await refuseForeignControlPlane(machine);
  });

  it('is stopped from the top down, and there is nothing to stop twice', async () => {
    const machine = fakeMachine();
    await machine.keeper.ensure(kubeletUnit(machine));
    await machine.keeper.ensure(registryUnit(machine.paths));
    const [step] = await provider(machine).planStop(cluster);
    expect(step?.details).toEqual(['end kubelet', 'end registry']);
    await step?.run(() => undefined);
    expect(machine.keeper.units.size).toBe(0);
    expect(await provider(machine).planStop(cluster)).toEqual([]);
  });

  it('lists all that destroy deletes, deletes just that, and keeps the programs', async () => {
    const machine = fakeMachine();
    const { state, kubernetes, cache, cniResults } = machine.paths;
    const own = [
      join(state, 'kubeadm/started'),
      join(kubernetes, 'admin.conf'),
      join(cniResults[0] ?? '', 'cni-loopback-a1-lo'),
      join(cniResults[0] ?? '', 'berth-a1-eth0'),
    ];
    const others = ['podman-b2-eth0', 'cni-loopback-b2-lo'].map((name) => join(cniResults[0] ?? '', name));
    const kept = [join(cache, 'etcd/v1/etcd'), ...others];
    for (const path of [...own, ...kept]) put(path);
    const steps = await provider(machine).planDestroy(cluster);
    expect(steps.flatMap(({ details }) => details)).toEqual([
      `delete ${kubernetes}`,
      `delete ${own[2]}`,
      `delete ${own[3]}`,
      `delete ${state}`,
    ]);
    const late = ['berth-c3-eth0', 'cni-loopback-c3-lo'].map((name) => join(cniResults[0] ?? '', name));
    for (const path of late) put(path);
    for (const step of steps) await step.run(() => undefined);
    expect([...own, ...late, ...kept].filter((path) => existsSync(path))).toEqual(kept);
    expect(await provider(machine).planDestroy(cluster)).toEqual([]);
  });

  it('deletes the rules of a node that never had a bridge, once they are its own', async () => {
    const machine = fakeMachine();
    machine.runner.when(['iptables-save'], { stdout: ':KUBE-SERVICES - [0:0]\n-A INPUT -j ACCEPT\n' });
    expect(await provider(machine).planDestroy(cluster)).toEqual([]);
    put(join(machine.paths.state, 'kubeadm/started'));
    const network = (await provider(machine).planDestroy(cluster)).find(
      ({ title }) => title === 'Delete the network',
    );
    await network?.run(() => undefined);
    expect(machine.runner.runs.find(({ argv }) => argv[0] === 'iptables-restore')?.input).toBe(
      '-A INPUT -j ACCEPT\n',
    );
  });

  it("does not delete someone else's control plane", async () => {
    const machine = fakeMachine();
    put(join(machine.paths.kubernetes, 'admin.conf'));
    expect(await provider(machine).planDestroy(cluster)).toEqual([]);
  });
});
