import { descendantsOf, ProgramError, type ProcessEntry } from '@berth/exec';
import type { Machine } from '../machine';

/** Milliseconds that containers get to end in order. */
const GRACE_MS = 15_000;

/**
 * containerd's shims of this cluster: each holds one pod, or one container of docker.
 * @param namespace containerd's: `k8s.io` or `moby`; both when absent
 */
export async function shims(machine: Machine, namespace?: string): Promise<ProcessEntry[]> {
  return shimsAmong(await machine.processes.list(), machine, namespace);
}

function shimsAmong(all: readonly ProcessEntry[], { paths }: Machine, namespace?: string): ProcessEntry[] {
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
  const all = await machine.processes.list();
  const own = shimsAmong(all, machine, namespace);
  await machine.processes.end(descendantsOf(own, all), GRACE_MS);
  await machine.processes.end(own, 2_000);
}

/** Removes the kubelet's cgroups, which are empty once no pod runs. */
export async function removePodCgroups({ runner }: Machine, root = '/sys/fs/cgroup'): Promise<void> {
  // 1: one does not exist, or a process is still in it, which is not ours to end.
  const { stdout } = await runner.run(
    ['find', root, '-mindepth', '1', '-maxdepth', '2', '-type', 'd', '-name', 'kubepods'],
    { expect: [0, 1] },
  );
  const folders = stdout.split('\n').filter(Boolean);
  if (folders.length > 0)
    await runner.run(['find', ...folders, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';'], {
      expect: [0, 1],
    });
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
export async function removeOwnRules(machine: Machine, comment: string, docker: boolean): Promise<void> {
  for (const { program, kept } of await ownRules(machine, comment, docker))
    await machine.runner.run([`${program}-restore`, '-w'], { input: kept });
}

/** Whether there is any rule or chain of the cluster's, as {@link removeOwnRules} takes them away. */
export async function hasOwnRules(machine: Machine, comment: string, docker: boolean): Promise<boolean> {
  return (await ownRules(machine, comment, docker)).length > 0;
}

/** The programs whose rules are the cluster's in part, and what each saved without them. */
async function ownRules(
  { runner }: Machine,
  comment: string,
  docker: boolean,
): Promise<{ program: string; kept: string }[]> {
  const all = await Promise.all(
    ['iptables', 'ip6tables'].map(async (program) => {
      // Another code than 0: it is not there, or has no rules, or only root may see them.
      const saved = await runner.run([`${program}-save`], { expect: [0, 1, 2, 3, 4, 127] }).catch(ifNotFound);
      if (saved === undefined || saved.exitCode !== 0) return [];
      const kept = withoutOwnRules(saved.stdout, comment, docker);
      return kept === saved.stdout ? [] : [{ program, kept }];
    }),
  );
  return all.flat();
}

function ifNotFound(error: unknown): undefined {
  if (error instanceof ProgramError && error.failure.kind === 'not-found') return undefined;
  throw error;
}

/** Removes folders, the inner ones first, of which others may use some too: those that are empty now. */
export async function removeEmptyFolders({ runner }: Machine, folders: readonly string[]): Promise<void> {
  // 1: somebody has something in one of them, or it is not there.
  await runner.run(['rmdir', '--', ...folders], { expect: [0, 1] });
}
