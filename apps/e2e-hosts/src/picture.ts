import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Runner } from '@berth/exec';
import { cgroupsIn, processesIn } from './cgroups';
import type { NamespacedHost } from './namespaced-hosts';

/**
 * All that a cluster could leave on a host, in lines that can be compared with those of another moment: files,
 * processes, devices and routes of the network, rules of iptables, settings of the kernel, mounts and cgroups.
 * @param ask runs programs there
 */
export async function pictureOf({ folder, cgroup }: NamespacedHost, ask: Runner): Promise<string[]> {
  const run = async (...argv: string[]) => {
    // 1: a setting that is not there.
    const { stdout } = await ask.run(argv, { timeoutMs: 30_000, expect: [0, 1] });
    return stdout.split('\n');
  };
  const [files, links, routes, rules, rules6, mounts, settings] = await Promise.all([
    run('find', '/run', '-mindepth', '1'),
    run('ip', '-oneline', 'link'),
    run('ip', '-4', 'route'),
    run('iptables-save'),
    run('ip6tables-save'),
    run('cat', '/proc/self/mountinfo'),
    run('cat', '/proc/sys/net/ipv4/ip_forward', '/proc/sys/net/bridge/bridge-nf-call-iptables'),
  ]);
  // The folder in which the cluster's own would be, were it not a test's; the lock of iptables, whoever uses that.
  const isLeft = (path: string) => !['/run/berth-hosts', '/run/xtables.lock'].includes(path);
  const isRule = (line: string) => /^-A |^:\S+ - /.test(line);
  const all: Record<string, string[]> = {
    file: [...filesBelow(join(folder, 'disk')), ...files.filter(isLeft)],
    process: processesIn(cgroup)
      .map(commandOf)
      .filter((command) => !command.startsWith('sshd: ')),
    link: links.map((line) => /^\d+: ([^:@]+)/.exec(line)?.[1] ?? ''),
    route: routes,
    rule: [...rules, ...rules6].filter(isRule).map((line) => line.replace(/ \[.*\]$/, '')),
    mount: mounts.map((line) => line.split(' ')[4] ?? ''),
    setting: settings,
    cgroup: cgroupsIn(cgroup),
  };
  return Object.entries(all)
    .flatMap(([what, lines]) => lines.filter(Boolean).map((line) => `${what} ${line.trim()}`))
    .toSorted();
}

/** What the host has written: all else it has of this machine, for reading only. */
function filesBelow(disk: string): string[] {
  return readdirSync(disk, { recursive: true, withFileTypes: true }).map(
    (entry) => `/${relative(disk, join(entry.parentPath, entry.name))}`,
  );
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
  } catch {
    // It ended in between.
    return '';
  }
}
