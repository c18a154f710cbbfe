import type { ProcessEntry } from '@berth/exec';
import { fakeMachine } from './fake-machine';
import { shims, withoutOwnRules } from './leftovers';

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
