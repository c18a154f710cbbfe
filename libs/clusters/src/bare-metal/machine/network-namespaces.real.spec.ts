import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { ProcessRunner, RunnerFiles, type Runner } from '@berth/exec';
import { fakeMachine } from './fake-machine';
import {
  namespacesFolder,
  namespacesFolderStep,
  removePodNamespaces,
  removePorts,
} from './network-namespaces';

const LIMIT = 20_000;

describe('the folder of network namespaces, mounted by the kernel', () => {
  let holder: ChildProcess;
  let inside: Runner;
  beforeEach(async () => {
    // A mount namespace with a /run of its own: nothing of this machine's is touched, and all is gone with the process.
    const script = [
      `awk '$5 ~ "^/run/" { print $5 }' /proc/self/mountinfo | tac | while read path; do umount --lazy "$path"; done`,
      'mount -t sysfs sysfs /sys && mount -t tmpfs tmpfs /run && mkdir /run/netns && echo ready && exec sleep 60',
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

  it(
    'leaves no device of a pod whose connection nobody answers any more',
    async () => {
      await inside.run(['ip', 'link', 'add', 'berth-pods', 'type', 'bridge']);
      await inside.run(['ip', 'link', 'set', 'berth-pods', 'up']);
      const ending = new AbortController();
      const ended: Promise<unknown>[] = [];
      /** Runs a program of Node in a pod's network; returns when that prints something. */
      const runIn = (pod: string, program: string) =>
        new Promise<void>((begun, failed) => {
          const argv = ['nsenter', `--net=/run/netns/${pod}`, process.execPath, '-e', program];
          const run = inside.run(argv, { signal: ending.signal, onLine: () => begun() });
          ended.push(run.catch(failed));
        });
      for (const [name, address] of [
        ['a', '10.9.0.1/24'],
        ['b', '10.9.0.2/24'],
      ] as const) {
        const at = ['ip', '-n', `cni-${name}`];
        await inside.run(['ip', 'netns', 'add', `cni-${name}`]);
        const peer = ['peer', 'name', 'eth0', 'netns', `cni-${name}`];
        await inside.run(['ip', 'link', 'add', `veth-${name}`, 'type', 'veth', ...peer]);
        await inside.run([...at, 'address', 'add', address, 'dev', 'eth0']);
        await inside.run([...at, 'link', 'set', 'eth0', 'up']);
        await inside.run(['ip', 'link', 'set', `veth-${name}`, 'master', 'berth-pods', 'up']);
      }
      await runIn('cni-b', "require('net').createServer().listen(80, () => console.log('listens'))");
      await runIn('cni-a', "require('net').connect(80, '10.9.0.2', () => console.log('connected'))");
      await inside.run(['ip', 'link', 'set', 'veth-b', 'down']);
      ending.abort();
      await Promise.all(ended);

      const there = { ...machine(), files: new RunnerFiles(inside) };
      await removePodNamespaces(there);
      await removePorts(there, 'berth-pods');
      expect((await inside.run(['ip', '-oneline', 'link', 'show', 'type', 'veth'])).stdout).toBe('');
    },
    LIMIT,
  );
});
