import type { Runner, SshRunner } from '@berth/exec';

/** What a host says of itself before anything is done to it. */
export interface HostFacts {
  hostname: string;
  /** Whether we are root there, or may become it by sudo without a password. */
  root: 'yes' | 'sudo' | 'no';
  /** ID and VERSION_ID of /etc/os-release. */
  system: { id: string; version: string };
  /** As Go names it. */
  architecture: string;
  memoryBytes: number;
  cores: number;
  /** Free where clusters keep their data. */
  diskBytes: number;
  /** Names of what it swaps to. */
  swaps: string[];
  /** Seconds by which its clock is ahead of ours. */
  clockSeconds: number;
  machineId: string;
  /** Where ssh reached it, and the network of that address: `10.0.0.7`, `eth0`, `52:54:…`, 24. */
  address: string;
  device: string;
  mac: string;
  prefixLength: number;
  /** Ports on which somebody listens, and who, as far as that is known. */
  listening: Map<number, string>;
  systemd: boolean;
  /** Path of Node, which keeps programs running where there is no systemd. */
  node: string | undefined;
}

interface Link {
  ifname: string;
  address?: string;
  addr_info?: { local?: string; prefixlen?: number }[];
}

/** Asks a host; changes nothing there. */
export async function readFacts(ssh: SshRunner, now: () => number = Date.now): Promise<HostFacts> {
  const ask = (...argv: string[]) => answer(ssh, argv);
  const before = now();
  const clock = ask('date', '+%s.%N');
  const [seconds, after] = await Promise.all([clock, clock.then(now)]);
  const [user, sudo, hostname, system, machine, memory, cores, disk, swaps] = await Promise.all([
    ask('id', '-u'),
    ask('sudo', '-n', 'true').then(
      () => true,
      () => false,
    ),
    ask('hostname'),
    ask('cat', '/etc/os-release'),
    ask('uname', '-m'),
    ask('cat', '/proc/meminfo'),
    ask('nproc'),
    ask('df', '--output=avail', '-B1', '/var/lib'),
    ask('cat', '/proc/swaps'),
  ]);
  const [machineId, connection, links, listening, systemd, node] = await Promise.all([
    ask('cat', '/etc/machine-id'),
    ask('printenv', 'SSH_CONNECTION'),
    ask('ip', '-j', '-4', 'address'),
    ask('ss', '--no-header', '--listening', '--tcp', '--numeric', '--processes'),
    ask('test', '-d', '/run/systemd/system').then(
      () => true,
      () => false,
    ),
    ask('which', 'node').catch(() => ''),
  ]);
  const address = connection.trim().split(' ')[2] ?? '';
  const found = (JSON.parse(links || '[]') as Link[]).flatMap(({ ifname, addr_info = [] }) =>
    addr_info.filter(({ local }) => local === address).map(({ prefixlen = 32 }) => ({ ifname, prefixlen })),
  )[0];
  const device = found?.ifname ?? '';
  const mac = device ? await ask('cat', `/sys/class/net/${device}/address`) : '';
  return {
    hostname: hostname.trim().toLowerCase(),
    root: user.trim() === '0' ? 'yes' : sudo ? 'sudo' : 'no',
    system: { id: variable(system, 'ID'), version: variable(system, 'VERSION_ID') },
    architecture: { x86_64: 'amd64', aarch64: 'arm64' }[machine.trim()] ?? machine.trim(),
    memoryBytes: Number(/^MemTotal:\s+(\d+) kB/m.exec(memory)?.[1] ?? 0) * 1024,
    cores: Number(cores),
    diskBytes: Number(disk.trim().split('\n').at(-1)),
    swaps: swaps
      .trim()
      .split('\n')
      .slice(1)
      .flatMap((line) => line.split(/\s+/)[0] ?? []),
    clockSeconds: Number(seconds) - (before + after) / 2000,
    machineId: machineId.trim(),
    address,
    device,
    mac: mac.trim(),
    prefixLength: found?.prefixlen ?? 32,
    listening: listeners(listening),
    systemd,
    node: node.trim() || undefined,
  };
}

async function answer(ssh: Runner, argv: string[]): Promise<string> {
  return (await ssh.run(argv, { timeoutMs: 20_000 })).stdout;
}

function variable(text: string, name: string): string {
  return new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
}

function listeners(text: string): Map<number, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const port = /^\S+\s+\d+\s+\d+\s+\S+:(\d+)\s/.exec(line)?.[1];
      return port === undefined
        ? []
        : [[Number(port), /\("([^"]+)"/.exec(line)?.[1] ?? 'a program'] as const];
    }),
  );
}
