import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { ProcessRunner, type Runner } from '@berth/exec';
import { fakeMachine } from './fake-machine';
import { namespacesFolder, namespacesFolderStep } from './network-namespaces';

const LIMIT = 20_000;

describe('the folder of network namespaces, mounted by the kernel', () => {
  let holder: ChildProcess;
  let inside: Runner;
  beforeEach(async () => {
    // A mount namespace with a /run of its own: nothing of this machine's is touched, and all is gone with the process.
    const script = [
      `awk '$5 ~ "^/run/" { print $5 }' /proc/self/mountinfo | tac | while read path; do umount --lazy "$path"; done`,
      'mount -t tmpfs tmpfs /run && mkdir /run/netns && echo ready && exec sleep 60',
    ].join('\n');
    holder = spawn('unshare', ['--mount', '--net', '--propagation', 'private', 'sh', '-c', script]);
    await once(holder.stdout!, 'data');
    const enter = ['nsenter', '--target', String(holder.pid), '--mount', '--net'];
    const runner = new ProcessRunner();
    inside = { run: (argv, options) => runner.run([...enter, ...argv], options) };
  }, LIMIT);
  afterEach(async () => {
    const gone = once(holder, 'exit');
    holder.kill('SIGKILL');
    await gone;
  });

  const mountInfo = async () => (await inside.run(['cat', '/proc/self/mountinfo'])).stdout;
  const machine = () => {
    const fake = fakeMachine();
    return { ...fake, runner: inside, files: { ...fake.files, read: mountInfo } };
  };
  /** As containerd makes one, in a folder that nobody has mounted. */
  const makePod = async (name: string) => {
    await inside.run(['touch', `/run/netns/${name}`]);
    await inside.run(['mount', '--bind', '/proc/self/ns/net', `/run/netns/${name}`]);
  };
  const removePod = async (name: string) => {
    await inside.run(['umount', `/run/netns/${name}`]);
    await inside.run(['rm', `/run/netns/${name}`]);
  };

  it(
    'lets pods be removed that were there before another namespace was made',
    async () => {
      await makePod('cni-a');
      await inside.run(['ip', 'netns', 'add', 'of-somebody']);
      await expect(removePod('cni-a')).rejects.toThrow(/busy/);
      expect(namespacesFolder(await mountInfo()).hidden).toEqual(['/run/netns/cni-a']);

      await namespacesFolderStep(machine()).run(() => undefined);
      await inside.run(['rm', '/run/netns/cni-a']);
      expect((await inside.run(['ip', 'netns', 'list'])).stdout.trim()).toBe('of-somebody');
      expect(await namespacesFolderStep(machine()).done()).toBe(true);
    },
    LIMIT,
  );

  it(
    'keeps it from happening, and the namespaces of pods that run',
    async () => {
      await makePod('cni-a');
      await namespacesFolderStep(machine()).run(() => undefined);
      await inside.run(['nsenter', '--net=/run/netns/cni-a', 'true']);
      await makePod('cni-b');
      await inside.run(['ip', 'netns', 'add', 'of-somebody']);
      for (const name of ['cni-a', 'cni-b']) await removePod(name);
      expect(await namespacesFolderStep(machine()).done()).toBe(true);
    },
    LIMIT,
  );
});
