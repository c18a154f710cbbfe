import { UserError } from '@berth/model';
import type { Machine } from '../machine';
import type { CheckedStep } from '../step';

/** A Debian package, with a file that shows that it, or another source of the same program, is there. */
export interface DebianPackage {
  name: string;
  file: string;
}

/** What a cluster on this machine needs; the image engine is for whoever builds images here. */
export const CLUSTER_PACKAGES: readonly DebianPackage[] = [
  { name: 'containerd', file: '/usr/bin/containerd' },
  { name: 'runc', file: '/usr/sbin/runc' },
  { name: 'docker.io', file: '/usr/sbin/dockerd' },
  { name: 'docker-registry', file: '/usr/bin/docker-registry' },
  { name: 'containernetworking-plugins', file: '/usr/lib/cni/bridge' },
  { name: 'iptables', file: '/usr/sbin/iptables' },
  { name: 'iproute2', file: '/bin/ip' },
  { name: 'conntrack', file: '/usr/sbin/conntrack' },
  { name: 'socat', file: '/usr/bin/socat' },
  { name: 'ethtool', file: '/usr/sbin/ethtool' },
  { name: 'ca-certificates', file: '/etc/ssl/certs/ca-certificates.crt' },
];

/** What a host of a cluster needs. */
export const HOST_PACKAGES: readonly DebianPackage[] = [
  ...CLUSTER_PACKAGES.filter(({ name }) => !['docker.io', 'docker-registry'].includes(name)),
  { name: 'procps', file: '/bin/ps' },
];

/** What the first host needs beside them. */
export const FIRST_HOST_PACKAGES = CLUSTER_PACKAGES.filter(({ name }) => name === 'docker-registry');

/** Services that these packages start by themselves where systemd runs; the cluster has its own of each. */
const STARTED_BY_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  containerd: ['containerd.service'],
  'docker.io': ['docker.socket', 'docker.service'],
  'docker-registry': ['docker-registry.service'],
};

/** Seconds to wait for another apt: this machine may be in the middle of its own updates. */
const LOCK_SECONDS = 300;

export async function packagesStep(
  machine: Machine,
  packages: readonly DebianPackage[],
  title = 'Debian packages',
): Promise<CheckedStep> {
  const missing = async () => {
    const there = await Promise.all(packages.map(({ file }) => machine.files.exists(file)));
    return packages.filter((_, index) => !there[index]).map(({ name }) => name);
  };
  const command = (names: readonly string[]) => [
    'apt-get',
    `--option=DPkg::Lock::Timeout=${LOCK_SECONDS}`,
    'install',
    '-y',
    '--no-install-recommends',
    ...names,
  ];
  return {
    title,
    details: (await missing()).map((name) => `install ${name}`),
    done: async () => (await missing()).length === 0,
    run: async (log) => {
      const names = await missing();
      const line = ['apt-get install -y --no-install-recommends', ...names].join(' ');
      if (!machine.isRoot || !(await machine.files.exists('/usr/bin/apt-get'))) {
        throw new UserError(
          `these packages are missing, and ${machine.isRoot ? 'there is no apt-get' : 'only root can install them'}: ${names.join(', ')}`,
          `as root: ${line}`,
        );
      }
      const env = { DEBIAN_FRONTEND: 'noninteractive' };
      const onLine = log;
      const install = () => machine.runner.run(command(names), { env, onLine });
      try {
        await install();
      } catch {
        // An installation that was killed must be finished first; apt would only say so.
        await machine.runner.run(['dpkg', '--configure', '-a'], { env, onLine, expect: [0, 1, 2] });
        // The package lists may be missing, as on a fresh image, or older than the archive.
        log('apt-get update, then again');
        await machine.runner.run(['apt-get', 'update'], { env, onLine });
        await install();
      }
      if (!(await machine.files.exists('/run/systemd/system'))) return;
      const services = names.flatMap((name) => STARTED_BY_PACKAGES[name] ?? []);
      for (const service of services)
        await machine.runner.run(['systemctl', 'disable', '--now', service], { onLine });
    },
  };
}
