import { existsSync, readFileSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { descendantsOf, endProcesses, listProcesses, type ProcessEntry } from '@berth/exec';
import type { Machine } from '../machine';

/** Milliseconds that containers get to end in order. */
const GRACE_MS = 15_000;

/**
 * containerd's shims of this cluster: each holds one pod, or one container of docker.
 * @param namespace containerd's: `k8s.io` or `moby`; both when absent
 */
export function shims(
  { paths }: Machine,
  namespace?: string,
  all: readonly ProcessEntry[] = listProcesses(),
): ProcessEntry[] {
  const follows = (argv: readonly string[], option: string, value: string) =>
    argv[argv.indexOf(option) + 1] === value;
  return all.filter(
    ({ argv }) =>
      (argv[0] ?? '').includes('containerd-shim') &&
      follows(argv, '-address', paths.containerdSocket) &&
      (namespace === undefined || follows(argv, '-namespace', namespace)),
  );
}

/** Ends the containers of this cluster, and their shims. Whoever would start them again must be ended before. */
export async function endPods(machine: Machine, namespace?: string): Promise<void> {
  const all = listProcesses();
  const own = shims(machine, namespace, all);
  await endProcesses(descendantsOf(own, all), GRACE_MS);
  await endProcesses(own, 2_000);
}

/** Mount points below one of `folders`, the deepest first. */
export function mountsBelow(
  folders: readonly string[],
  mountInfo = readFileSync('/proc/self/mountinfo', 'utf8'),
): string[] {
  return mountInfo
    .split('\n')
    .flatMap((line) => line.split(' ')[4] ?? [])
    .map((path) => path.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))))
    .filter((path) => folders.some((folder) => path === folder || path.startsWith(`${folder}/`)))
    .reverse();
}

export async function unmountBelow({ runner }: Machine, folders: readonly string[]): Promise<void> {
  // What a lingering process still uses is unmounted as soon as it ends.
  for (const path of mountsBelow(folders))
    await runner.run(['umount', '--lazy', path], { expect: [0, 1, 32] });
}

/** Network namespaces of pods; podman's and others' have other names. */
export async function removePodNamespaces(machine: Machine): Promise<void> {
  const folder = '/run/netns';
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('cni-')) : [];
  for (const name of names) await machine.runner.run(['ip', 'netns', 'delete', name], { expect: [0, 1] });
}

/** Removes the kubelet's cgroups, which are empty once no pod runs. */
export function removePodCgroups(root = '/sys/fs/cgroup'): void {
  const hierarchies = existsSync(root)
    ? readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    : [];
  const candidates = [join(root, 'kubepods'), ...hierarchies.map(({ name }) => join(root, name, 'kubepods'))];
  for (const folder of candidates.filter((path) => existsSync(path))) removeCgroup(folder);
}

function removeCgroup(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeCgroup(join(folder, entry.name));
  }
  try {
    rmdirSync(folder);
  } catch {
    // A process is still in it: it is not ours to end.
  }
}

const CHAIN = '(?:KUBE-|CNI-|CNI_)';
const DOCKER_CHAIN = 'DOCKER';

/**
 * What `iptables-save` printed, without the cluster's chains and rules.
 * @param docker without those of the cluster's own dockerd too
 */
export function withoutOwnRules(saved: string, comment: string, docker: boolean): string {
  const chain = docker ? `(?:${CHAIN}|${DOCKER_CHAIN})` : CHAIN;
  const own = new RegExp(
    `^:${chain}|^-A ${chain}| -[jg] ${chain}|--comment "?${comment}\\b${docker ? '| (?:-[io] )docker0\\b' : ''}`,
  );
  return saved
    .split('\n')
    .filter((line) => !own.test(line))
    .join('\n');
}

/** Removes the cluster's rules from iptables, and from ip6tables where there is one. */
export async function removeOwnRules({ runner }: Machine, comment: string, docker: boolean): Promise<void> {
  for (const program of ['iptables', 'ip6tables']) {
    const saved = await runner.run([`${program}-save`], { expect: [0, 1, 2, 3, 4] });
    if (saved.exitCode !== 0) continue;
    const kept = withoutOwnRules(saved.stdout, comment, docker);
    if (kept !== saved.stdout) await runner.run([`${program}-restore`, '-w'], { input: kept });
  }
}
