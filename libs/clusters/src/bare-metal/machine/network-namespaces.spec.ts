import { join } from 'node:path';
import { writeWhole } from '../files';
import { fakeMachine, type FakeMachine } from './fake-machine';
import {
  namespacesFolder,
  namespacesFolderStep,
  removeNamespacesFolder,
  removePorts,
} from './network-namespaces';

const root = '27 1 254:0 / / rw,discard - ext4 /dev/vda rw';
const folder = '54 27 254:0 /run/netns /run/netns rw,relatime shared:9 - ext4 /dev/vda rw';
const pod = (id: number, parent: number, name: string) =>
  `${id} ${parent} 0:4 net:[4026532816] /run/netns/${name} rw shared:40 - nsfs nsfs rw`;

describe('namespacesFolder', () => {
  it('tells whether the folder is a mount of its own', () => {
    expect(namespacesFolder([root, pod(60, 27, 'cni-a')].join('\n'))).toMatchObject({ mounted: false });
    expect(namespacesFolder([root, folder, pod(60, 54, 'cni-a')].join('\n'))).toEqual({
      mounted: true,
      shared: true,
      hidden: [],
    });
  });

  it('finds what is mounted below it', () => {
    const twice = [root, pod(60, 27, 'cni-a'), pod(61, 27, 'cni-b'), folder, pod(62, 54, 'cni-a')];
    expect(namespacesFolder(twice.join('\n')).hidden).toEqual(['/run/netns/cni-b', '/run/netns/cni-a']);
  });

  it('takes nothing for hidden that is there and gone with what covers it, since the mount around is shared', () => {
    const run = '30 27 0:25 / /run rw shared:9 - tmpfs tmpfs rw';
    const own = folder.replace('54 27', '54 30');
    const both = [root, run, own, pod(60, 54, 'cni-a'), pod(61, 30, 'cni-a')];
    expect(namespacesFolder(both.join('\n'))).toEqual({ mounted: true, shared: true, hidden: [] });
    const others = both.map((line) => line.replace('/run rw shared:9', '/run rw shared:7'));
    expect(namespacesFolder(others.join('\n')).hidden).toEqual(['/run/netns/cni-a']);
  });

  it('takes what is not shared for not done', () => {
    expect(namespacesFolder([root, folder.replace(' shared:9', '')].join('\n')).shared).toBe(false);
  });
});

describe('the folder of network namespaces', () => {
  const mounted = (machine: FakeMachine, ...lines: string[]) =>
    writeWhole({ path: join(machine.root, 'proc/self/mountinfo'), content: lines.join('\n') });

  it('is mounted over itself, with the namespaces of pods that run, once', async () => {
    const machine = fakeMachine();
    mounted(machine, root, pod(60, 27, 'cni-a'));
    machine.runner.when(['mount', '--rbind'], () => {
      mounted(machine, root, pod(60, 27, 'cni-a'), folder, pod(61, 54, 'cni-a'));
      return {};
    });
    machine.runner.when(['umount', '/run/netns/cni-a'], () => {
      mounted(machine, root, folder, pod(61, 54, 'cni-a'));
      return {};
    });
    const step = namespacesFolderStep(machine);
    expect(await step.done()).toBe(false);
    await step.run(() => undefined);
    expect(machine.runner.runs.map(({ argv }) => argv.join(' '))).toEqual([
      'mkdir -p /run/netns',
      'mount --rbind /run/netns /run/netns',
      'mount --make-shared /run/netns',
      'mkdir -p /run/berth-netns',
      'mount --move /run/netns /run/berth-netns',
      'umount /run/netns/cni-a',
      'mount --move /run/berth-netns /run/netns',
      'rmdir /run/berth-netns',
    ]);
    expect(await step.done()).toBe(true);
  });

  it('says what to do where the kernel does not let it be moved', async () => {
    const machine = fakeMachine();
    mounted(machine, root, pod(60, 27, 'cni-a'), folder);
    machine.runner.when(['mount', '--move'], () => ({ exitCode: 32, stderr: 'bad option' }));
    await expect(namespacesFolderStep(machine).run(() => undefined)).rejects.toMatchObject({
      message:
        'network namespaces are mounted below /run/netns, where they cannot be unmounted: /run/netns/cni-a',
      hint: 'restart the machine, then the same command again',
    });
    expect(machine.runner.runs.at(-1)?.argv).toEqual(['rmdir', '/run/berth-netns']);
  });

  it('goes with the cluster, unless somebody has a namespace in it', async () => {
    const machine = fakeMachine();
    const of = join(machine.root, 'run/netns/of-somebody');
    writeWhole({ path: of, content: '' });
    await removeNamespacesFolder(machine);
    expect(machine.runner.lines).toEqual([]);
    await machine.files.remove(of);
    await removeNamespacesFolder(machine);
    expect(machine.runner.lines).toEqual(['umount /run/netns', 'rmdir /run/netns']);
  });
});

it('ports of a bridge are deleted by name, and nothing runs where there are none', async () => {
  const machine = fakeMachine();
  await removePorts(machine, 'berth-pods');
  expect(machine.runner.lines).toEqual([]);
  for (const name of ['veth1', 'veth2'])
    writeWhole({ path: join(machine.root, 'sys/class/net/berth-pods/brif', name), content: '' });
  await removePorts(machine, 'berth-pods');
  expect(machine.runner.runs).toMatchObject([
    { argv: ['ip', '-force', '-batch', '-'], input: 'link delete veth1\nlink delete veth2\n' },
  ]);
});
