import type { Failure } from './program-error';

/** Debian packages of the programs that Berth starts, where the package has another name than the program. */
const DEBIAN_PACKAGES: Readonly<Record<string, string>> = {
  docker: 'docker.io',
  dockerd: 'docker.io',
  ip: 'iproute2',
  nft: 'nftables',
  sysctl: 'procps',
  'iptables-save': 'iptables',
  'iptables-restore': 'iptables',
  umount: 'mount',
  ctr: 'containerd',
  ldd: 'libc-bin',
  modprobe: 'kmod',
  systemctl: 'systemd',
};

/** Not in Debian 12: where they come from instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  go: 'install Go from https://go.dev/dl/ and put its bin folder in PATH',
  kubectl: 'install kubectl: https://kubernetes.io/docs/tasks/tools/',
  gcloud: 'install the Google Cloud CLI: https://cloud.google.com/sdk/docs/install',
  aws: 'install the AWS CLI: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html',
};

/** Faults of the machine that programs of every kind print in the C library's words, or Go's. */
const SIGNS: readonly (readonly [sign: RegExp, hint: string])[] = [
  [
    /no space left on device|disk quota exceeded|ENOSPC/i,
    'A disk is full; see which: df -h\nFree some of it, then run the same command again. What can be made anew: docker system prune; go clean -cache; npm cache clean --force',
  ],
  [
    /temporary failure in name resolution|temporary failure resolving|could not resolve host|name or service not known|dial tcp: lookup \S+.*(no such host|server misbehaving)/i,
    'A name does not resolve. See whether DNS answers on this machine: getent hosts deb.debian.org; its servers are in /etc/resolv.conf',
  ],
];

/** What to type after a program that could not be started, or that met a fault of the machine. */
export function programHint(program: string, failure: Failure, output: string): string | undefined {
  switch (failure.kind) {
    case 'not-found': {
      const name = program.split('/').at(-1) ?? '';
      return ELSEWHERE[name] ?? `apt-get install -y --no-install-recommends ${DEBIAN_PACKAGES[name] ?? name}`;
    }
    case 'not-started':
      return /EACCES/.test(failure.reason)
        ? `See who may run it: ls -l "$(command -v ${program})"`
        : undefined;
    case 'exit':
      return SIGNS.find(([sign]) => sign.test(output))?.[1];
    default:
      return undefined;
  }
}
