import { POD_SUBNET, SERVICE_SUBNET } from '../settings';
import type { HostFacts } from './facts';

/** A host of cluster.json that answered. */
export interface AskedHost {
  /** As cluster.json names it. */
  entry: string;
  facts: HostFacts;
  /** Whether it belongs to this cluster already: its ports are ours then. */
  ours: boolean;
  /** Address of the API server of the cluster that it is a node of; undefined when it is of none. */
  memberOf: string | undefined;
  /** Folders of a control plane that somebody else made. */
  foreign: readonly string[];
}

export interface HostProblem {
  entry: string;
  problem: string;
  /** What to type, on that host unless it says otherwise. */
  remedy: string;
}

const GIB = 1024 ** 3;
/** What kubeadm asks for: https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm */
const MEMORY_BYTES = 1700 * 1024 ** 2;
const CONTROL_PLANE_CORES = 2;
/** The images of the cluster's own parts and of a few services, with what they write. */
const DISK_BYTES = 10 * GIB;
const DEBIAN = 12;
/** Leases and certificates are judged by several clocks. */
const CLOCK_SECONDS = 2;

/** https://kubernetes.io/docs/reference/networking/ports-and-protocols, kube-proxy's, and those of the gateway. */
const NODE_PORTS = [80, 443, 10250, 10256];
const CONTROL_PLANE_PORTS = [2379, 2380, 5000, 6443, 10257, 10259];

/** Everything that keeps these hosts from being a cluster; the first one is the control plane's. */
export function hostProblems(hosts: readonly AskedHost[], architecture: string): HostProblem[] {
  return [
    ...hosts.flatMap((host, index) => problemsOf(host, index === 0, architecture)),
    ...othersNodes(hosts),
    ...same(hosts, 'hostname', ({ hostname }) => hostname, 'hostnamectl set-hostname <another name>'),
    ...same(
      hosts,
      'machine id',
      ({ machineId }) => machineId,
      'rm /etc/machine-id && systemd-machine-id-setup, then restart it: it is a copy of the other',
    ),
    ...same(hosts, 'MAC address', ({ mac }) => mac, 'give one of the virtual machines another MAC address'),
    ...otherNetworks(hosts),
  ];
}

function problemsOf({ entry, facts, ours, foreign }: AskedHost, first: boolean, architecture: string) {
  const found: HostProblem[] = [];
  const say = (problem: string, remedy: string) => found.push({ entry, problem, remedy });
  const { system } = facts;
  if (facts.root === 'no')
    say(
      'the user is not root, and sudo asks for a password',
      'name root, or allow it: NOPASSWD in /etc/sudoers.d',
    );
  if (system.id !== 'debian' || Number(system.version) < DEBIAN)
    say(
      `it runs ${system.id} ${system.version}; needed is Debian ${DEBIAN} or newer`,
      'install Debian 12 there',
    );
  if (facts.architecture !== architecture)
    say(
      `it is ${facts.architecture}, and the programs are made on this machine, for ${architecture}`,
      `take a host with ${architecture}`,
    );
  if (facts.memoryBytes < MEMORY_BYTES)
    say(
      `it has ${gib(facts.memoryBytes)} of memory; needed are ${gib(MEMORY_BYTES)}`,
      'give it more, or take another',
    );
  if (first && facts.cores < CONTROL_PLANE_CORES)
    say(
      `it has ${facts.cores} core; the first host runs the control plane and needs ${CONTROL_PLANE_CORES}`,
      'let another host be the first in cluster.json',
    );
  if (!ours && facts.diskBytes < DISK_BYTES)
    say(`${gib(facts.diskBytes)} are free in /var/lib; needed are ${gib(DISK_BYTES)}`, 'df -h /var/lib');
  if (facts.swaps.length > 0)
    say(
      `swap is on (${facts.swaps.join(', ')}): memory limits of pods do not hold`,
      'swapoff -a, and take it out of /etc/fstab',
    );
  if (Math.abs(facts.clockSeconds) > CLOCK_SECONDS)
    say(
      `its clock is ${Math.abs(facts.clockSeconds).toFixed(0)} s ${facts.clockSeconds > 0 ? 'ahead of' : 'behind'} this machine's`,
      'timedatectl set-ntp true',
    );
  if (facts.device === '')
    say(
      `the address at which ssh reached it (${facts.address || 'unknown'}) is none of its own`,
      'name it by an address that it has itself, with no translation in between',
    );
  if (!facts.systemd && facts.node === undefined)
    say('it has no systemd, and no Node that could keep programs running', 'apt-get install -y nodejs');
  if (foreign.length > 0)
    say(`it has a control plane that Berth did not make: ${foreign.join(', ')}`, 'kubeadm reset');
  for (const port of first ? [...NODE_PORTS, ...CONTROL_PLANE_PORTS] : NODE_PORTS) {
    const who = ours || foreign.length > 0 ? undefined : facts.listening.get(port);
    if (who !== undefined) say(`port ${port} is taken by ${who}`, `ss -ltnp sport = :${port}`);
  }
  return found;
}

/** Joining it would take it, or the control plane that it runs, from another cluster. */
function othersNodes([first, ...others]: readonly AskedHost[]): HostProblem[] {
  if (!first) return [];
  return [first, ...others].flatMap(({ entry, memberOf, facts }) => {
    if (memberOf === undefined || memberOf === first.facts.address) return [];
    const problem =
      memberOf === facts.address
        ? 'it runs the control plane of a cluster'
        : `it is a node of the cluster whose API server is at ${memberOf}`;
    return [
      { entry, problem, remedy: 'the first of hosts in cluster.json must be the one with the control plane' },
    ];
  });
}

function same(
  hosts: readonly AskedHost[],
  what: string,
  of: (facts: HostFacts) => string,
  remedy: string,
): HostProblem[] {
  return hosts.flatMap(({ entry, facts }, index) => {
    const other = hosts.slice(0, index).find((before) => of(facts) !== '' && of(before.facts) === of(facts));
    return other
      ? [{ entry, problem: `it has the same ${what} as ${other.entry}: ${of(facts)}`, remedy }]
      : [];
  });
}

/** Pods of other nodes are reached by a route to their node, which must be a neighbour. */
function otherNetworks(hosts: readonly AskedHost[]): HostProblem[] {
  const [first, ...others] = hosts.filter(({ facts }) => facts.device !== '');
  if (!first) return [];
  const { address, prefixLength } = first.facts;
  return [
    ...others
      .filter(({ facts }) => network(facts.address, prefixLength) !== network(address, prefixLength))
      .map(({ entry, facts }) => ({
        entry,
        problem: `its address ${facts.address} is not in the network of ${first.entry}, ${address}/${prefixLength}`,
        remedy: 'put the hosts on one network: pods are routed from neighbour to neighbour',
      })),
    ...[POD_SUBNET, SERVICE_SUBNET].flatMap((subnet) => {
      const [base = '', length] = subnet.split('/');
      return network(address, Number(length)) === network(base, Number(length))
        ? [
            {
              entry: first.entry,
              problem: `its address ${address} is in ${subnet}, which the cluster gives to pods or services`,
              remedy: 'give the hosts addresses of another network',
            },
          ]
        : [];
    }),
  ];
}

function network(address: string, prefixLength: number): number {
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return Math.floor(number / 2 ** (32 - prefixLength));
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}
