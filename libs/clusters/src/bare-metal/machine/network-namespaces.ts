import { UserError } from '@berth/model';
import type { Machine } from '../machine';
import type { CheckedStep } from '../step';

/** Where containerd keeps the network namespaces of pods, and `ip netns` and podman those of theirs. */
const FOLDER = '/run/netns';
/** Where the folder's own mount is for the moment in which what it hides is unmounted. */
const ASIDE = '/run/berth-netns';

/**
 * `ip netns add` and podman mount this folder over itself, with all that is mounted in it, when nobody has yet. The
 * namespaces of pods are then mounted twice, one over the other, and none of these pods can be removed any more
 * ("remove netns: device or resource busy"). So that is done before the first pod, and undone where it has happened.
 */
export function namespacesFolderStep(machine: Machine): CheckedStep {
  const { runner } = machine;
  const folder = async () => namespacesFolder((await machine.files.read('/proc/self/mountinfo')) ?? '');
  return {
    title: 'Folder of network namespaces',
    details: [`${FOLDER} is a mount of its own, with each namespace mounted once`],
    done: async () => {
      const { mounted, shared, hidden } = await folder();
      return mounted && shared && hidden.length === 0;
    },
    run: async () => {
      await runner.run(['mkdir', '-p', FOLDER]);
      // With what is mounted in it: pods that run keep their namespaces.
      if (!(await folder()).mounted) await runner.run(['mount', '--rbind', FOLDER, FOLDER]);
      // As `ip netns add` wants it, and containers that mount it.
      await runner.run(['mount', '--make-shared', FOLDER]);
      const { hidden } = await folder();
      if (hidden.length > 0) await unmountHidden(machine, hidden);
    },
  };
}

/** @param hidden mount points below the folder's own mount */
async function unmountHidden({ runner }: Machine, hidden: readonly string[]): Promise<void> {
  await runner.run(['mkdir', '-p', ASIDE]);
  try {
    await runner.run(['mount', '--move', FOLDER, ASIDE]);
  } catch (error) {
    await runner.run(['rmdir', ASIDE]);
    throw new UserError(
      `network namespaces are mounted below ${FOLDER}, where they cannot be unmounted: ${hidden.join(', ')}`,
      'restart the machine, then the same command again',
      { cause: error },
    );
  }
  for (const path of hidden) await runner.run(['umount', path], { expect: [0, 1, 32] });
  await runner.run(['mount', '--move', ASIDE, FOLDER]);
  await runner.run(['rmdir', ASIDE]);
}

/**
 * How the folder is mounted. `hidden` are the mount points in it that its own mount covers, the last mounted first. Where
 * the mount around it is shared, as with systemd, the folder's own is of the same peer group: what is mounted in one is in
 * both, and what is unmounted goes from both, so that nothing is hidden.
 */
export interface NamespacesFolder {
  mounted: boolean;
  shared: boolean;
  hidden: string[];
}

/** @param mountInfo as proc(5) describes it */
export function namespacesFolder(mountInfo: string): NamespacesFolder {
  const mounts = mountInfo.split('\n').map((line) => {
    const [id, parent, , , path, , ...rest] = line.split(' ');
    return { id, parent, path, optional: rest.slice(0, rest.indexOf('-')) };
  });
  const own = mounts.findLast(({ path }) => path === FOLDER);
  const peersOf = (mount?: { optional: string[] }) =>
    mount?.optional.find((field) => field.startsWith('shared:'));
  const peers = peersOf(own);
  const isBelow = (parent?: string) =>
    parent !== own?.id && (!peers || peersOf(mounts.find(({ id }) => id === parent)) !== peers);
  return {
    mounted: own !== undefined,
    shared: peers !== undefined,
    hidden: mounts
      .filter(({ path, parent }) => own && path?.startsWith(`${FOLDER}/`) && isBelow(parent))
      .map(({ path }) => path!)
      .reverse(),
  };
}

/** Removes the network namespaces of pods; podman's and others' have other names. */
export async function removePodNamespaces(machine: Machine): Promise<void> {
  const names = (await machine.files.list(FOLDER)).filter((name) => name.startsWith('cni-'));
  if (names.length === 0) return;
  const input = names.map((name) => `netns delete ${name}\n`).join('');
  await machine.runner.run(['ip', '-force', '-batch', '-'], { input, expect: [0, 1] });
}

/**
 * Removes the network devices of containers, which are the ports of a bridge. They go by themselves with their namespaces,
 * but the kernel keeps one in which it still ends a connection of a container that is no more, and when the other end does
 * not answer, since its host has gone too, it tries for minutes (tcp_orphan_retries in tcp(7)).
 */
export async function removePorts({ files, runner }: Machine, bridge: string): Promise<void> {
  const names = await files.list(`/sys/class/net/${bridge}/brif`);
  if (names.length === 0) return;
  const input = names.map((name) => `link delete ${name}\n`).join('');
  // 1: one went by itself meanwhile.
  await runner.run(['ip', '-force', '-batch', '-'], { input, expect: [0, 1] });
}

/** Takes the folder away where nobody has a namespace in it any more. Whoever makes one makes it again. */
export async function removeNamespacesFolder({ runner, files }: Machine): Promise<void> {
  if ((await files.list(FOLDER)).length > 0) return;
  await runner.run(['umount', FOLDER], { expect: [0, 1, 32] });
  await runner.run(['rmdir', FOLDER], { expect: [0, 1] });
}
