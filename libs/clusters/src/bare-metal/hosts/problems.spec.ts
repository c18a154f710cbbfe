import type { HostFacts } from './facts';
import { hostProblems, type AskedHost } from './problems';

const GIB = 1024 ** 3;

/** A host of that number with which nothing is wrong. */
function host(number: number, changes: Partial<HostFacts> = {}, rest: Partial<AskedHost> = {}): AskedHost {
  return {
    entry: `root@10.0.0.${number}`,
    ours: false,
    memberOf: undefined,
    foreign: [],
    facts: {
      hostname: `rack-${number}`,
      root: 'yes',
      system: { id: 'debian', version: '12' },
      architecture: 'amd64',
      memoryBytes: 4 * GIB,
      cores: 2,
      diskBytes: 40 * GIB,
      swaps: [],
      clockSeconds: 0.1,
      machineId: `id-${number}`,
      address: `10.0.0.${number}`,
      device: 'eth0',
      mac: `52:54:00:00:00:0${number}`,
      prefixLength: 24,
      listening: new Map([[22, 'sshd']]),
      systemd: true,
      node: undefined,
      ...changes,
    },
    ...rest,
  };
}

const lines = (hosts: AskedHost[]) =>
  hostProblems(hosts, 'amd64').map(({ entry, problem }) => `${entry}: ${problem}`);

describe('problems of hosts', () => {
  it('are none where nothing is wrong', () => {
    expect(lines([host(1), host(2), host(3, { cores: 1 })])).toEqual([]);
  });

  it.each<[Partial<HostFacts>, RegExp]>([
    [{ root: 'no' }, /sudo asks for a password/],
    [{ system: { id: 'ubuntu', version: '24.04' } }, /runs ubuntu 24.04; needed is Debian 12/],
    [{ system: { id: 'debian', version: '11' } }, /runs debian 11/],
    [{ architecture: 'arm64' }, /it is arm64, .* for amd64/],
    [{ memoryBytes: GIB }, /1\.0 GiB of memory; needed are 1\.7 GiB/],
    [{ diskBytes: 2 * GIB }, /2\.0 GiB are free in \/var\/lib; needed are 10\.0 GiB/],
    [{ swaps: ['/dev/sda2'] }, /swap is on \(\/dev\/sda2\)/],
    [{ clockSeconds: -90 }, /its clock is 90 s behind this machine's/],
    [{ clockSeconds: 3 }, /its clock is 3 s ahead of/],
    [{ device: '', address: '192.0.2.1' }, /\(192\.0\.2\.1\) is none of its own/],
    [{ systemd: false }, /no systemd, and no Node/],
    [{ listening: new Map([[10250, 'kubelet']]) }, /port 10250 is taken by kubelet/],
  ])('name what is wrong with one: %j', (changes, line) => {
    const found = lines([host(1), host(2, changes)]);
    expect(found).toEqual([expect.stringMatching(line)]);
    expect(found[0]).toMatch(/^root@10\.0\.0\.2: /);
    for (const { remedy } of hostProblems([host(1), host(2, changes)], 'amd64')) expect(remedy).not.toBe('');
  });

  it('ask more of the first, which runs the control plane', () => {
    const web = new Map([[6443, 'haproxy']]);
    expect(lines([host(1, { cores: 1, listening: web }), host(2, { cores: 1, listening: web })])).toEqual([
      expect.stringMatching(/^root@10\.0\.0\.1: it has 1 core/),
      expect.stringMatching(/^root@10\.0\.0\.1: port 6443 is taken by haproxy/),
    ]);
  });

  it('are told of all hosts at once', () => {
    const found = lines([
      host(1, { swaps: ['/swapfile'] }),
      host(2, { hostname: 'rack-1', memoryBytes: GIB }),
      host(3, { machineId: 'id-1', mac: '52:54:00:00:00:02' }),
      host(4, { address: '10.0.1.4' }),
    ]);
    expect(found).toEqual([
      expect.stringMatching(/10\.0\.0\.1: swap/),
      expect.stringMatching(/10\.0\.0\.2: .*memory/),
      expect.stringMatching(/10\.0\.0\.2: it has the same hostname as root@10\.0\.0\.1: rack-1/),
      expect.stringMatching(/10\.0\.0\.3: it has the same machine id as root@10\.0\.0\.1/),
      expect.stringMatching(/10\.0\.0\.3: it has the same MAC address as root@10\.0\.0\.2/),
      expect.stringMatching(
        /10\.0\.0\.4: its address 10\.0\.1\.4 is not in the network of .*10\.0\.0\.1\/24/,
      ),
    ]);
  });

  it('leave the ports and the fuller disk of a host alone that belongs to the cluster', () => {
    const used = { listening: new Map([[10250, 'kubelet']]), diskBytes: GIB };
    expect(lines([host(1, used, { ours: true, memberOf: '10.0.0.1' })])).toEqual([]);
  });

  it('keep a host that is in another cluster, or runs one, from being taken', () => {
    expect(
      lines([
        host(1),
        host(2, {}, { ours: true, memberOf: '10.0.0.2' }),
        host(3, {}, { ours: true, memberOf: '10.0.0.9' }),
        host(4, {}, { foreign: ['/etc/kubernetes'] }),
      ]),
    ).toEqual([
      expect.stringMatching(/10\.0\.0\.4: it has a control plane that Berth did not make: \/etc\/kubernetes/),
      expect.stringMatching(/10\.0\.0\.2: it runs the control plane of a cluster/),
      expect.stringMatching(/10\.0\.0\.3: it is a node of the cluster whose API server is at 10\.0\.0\.9/),
    ]);
  });

  it('keep hosts out of the networks of pods and services', () => {
    expect(lines([host(1, { address: '10.244.3.1' })])).toEqual([
      expect.stringMatching(/is in 10\.244\.0\.0\/16, which the cluster gives to pods/),
    ]);
  });
});
