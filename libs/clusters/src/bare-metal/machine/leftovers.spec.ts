import type { ProcessEntry } from '@berth/exec';
import { fakeMachine } from './fake-machine';
import { mountPoints, shims, withoutOwnRules } from './leftovers';

describe('mountPoints', () => {
  it('gives own mounts, the deepest last mounted first, with spaces decoded', () => {
    const info = [
      '1 0 8:1 / / rw - ext4 /dev/vda rw',
      '2 1 0:5 / /var/lib/kubelet/pods/a rw - tmpfs tmpfs rw',
      '3 2 0:6 / /var/lib/kubelet/pods/a/b\\040c rw - tmpfs tmpfs rw',
      '4 1 0:7 / /var/lib/kubelet2 rw - tmpfs tmpfs rw',
    ].join('\n');
    expect(mountPoints(info, ['/var/lib/kubelet'])).toEqual([
      '/var/lib/kubelet/pods/a/b c',
      '/var/lib/kubelet/pods/a',
    ]);
  });
});

describe('shims', () => {
  const machine = fakeMachine();
  const entry = (pid: number, ...argv: string[]): ProcessEntry => ({ pid, started: '1', parent: 1, argv });
  const socket = machine.paths.containerdSocket;
  const all = [
    entry(1, '/usr/bin/containerd-shim-runc-v2', '-namespace', 'k8s.io', '-id', 'a', '-address', socket),
    entry(2, '/usr/bin/containerd-shim-runc-v2', '-namespace', 'moby', '-id', 'b', '-address', socket),
    entry(
      3,
      '/usr/bin/containerd-shim-runc-v2',
      '-namespace',
      'moby',
      '-id',
      'c',
      '-address',
      '/run/containerd/containerd.sock',
    ),
    entry(4, 'less', 'containerd-shim', '-address', socket),
  ];

  it("takes those of this cluster's containerd, and no other's", async () => {
    machine.processes = { ...machine.processes, list: async () => all };
    expect((await shims(machine)).map(({ pid }) => pid)).toEqual([1, 2]);
    expect((await shims(machine, 'k8s.io')).map(({ pid }) => pid)).toEqual([1]);
  });
});

describe('withoutOwnRules', () => {
  const saved = [
    '*nat',
    ':PREROUTING ACCEPT [0:0]',
    ':KUBE-SERVICES - [0:0]',
    ':DOCKER - [0:0]',
    ':MINE - [0:0]',
    '-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
    '-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER',
    '-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE',
    '-A POSTROUTING -s 10.244.0.2/32 -m comment --comment "name: berth" -j CNI-abc',
    '-A FORWARD -s 10.244.0.0/16 -m comment --comment berth-pods -j ACCEPT',
    '-A PREROUTING -j MINE',
    'COMMIT',
  ].join('\n');

  it('keeps what others have', () => {
    expect(withoutOwnRules(saved, 'berth-pods', true).split('\n')).toEqual([
      '*nat',
      ':PREROUTING ACCEPT [0:0]',
      ':MINE - [0:0]',
      '-A PREROUTING -j MINE',
      'COMMIT',
    ]);
  });

  it("keeps a foreign docker's rules", () => {
    const kept = withoutOwnRules(saved, 'berth-pods', false);
    expect(kept).toContain('-j DOCKER');
    expect(kept).toContain('docker0');
    expect(kept).not.toContain('KUBE-');
  });
});
