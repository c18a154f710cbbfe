import { RecordingRunner } from '../recording-runner';
import { SshRunner, type SshHost } from './ssh-runner';

const host: SshHost = {
  destination: 'root@10.0.0.7',
  knownHosts: ['/work space/known_hosts', '~/.ssh/known_hosts'],
  sockets: '/run/sockets',
};
const runner = () => new RecordingRunner();
/** What ssh gives the host's shell. */
const remote = ({ runs }: RecordingRunner) => runs.map(({ argv }) => argv.at(-1));

describe('programs over ssh', () => {
  it('ask for nothing, take no unknown key, and share one connection', async () => {
    const ssh = runner();
    await new SshRunner(ssh, host).run(['hostname']);
    const [, run] = ssh.lines;
    for (const option of [
      'BatchMode=yes',
      'StrictHostKeyChecking=yes',
      'ControlMaster=auto',
      'ControlPath=/run/sockets/%C',
    ])
      expect(run).toContain(option);
    expect(ssh.runs[1]?.argv).toContain('UserKnownHostsFile="/work space/known_hosts" "~/.ssh/known_hosts"');
    expect(ssh.runs[1]?.argv.slice(-3)).toEqual(['root@10.0.0.7', '--', 'hostname']);
  });

  it('open the connection once before the first of many', async () => {
    const ssh = runner();
    const there = new SshRunner(ssh, host);
    await Promise.all(['a', 'b', 'c'].map((name) => there.run([name])));
    expect(remote(ssh)).toEqual(['true', 'a', 'b', 'c']);
  });

  it('never run more at once than a connection carries', async () => {
    let [now, most] = [0, 0];
    const ssh = runner().when(/./, async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now--;
      return {};
    });
    const there = new SshRunner(ssh, host);
    await Promise.all(Array.from({ length: 30 }, (_, index) => there.run([`program-${index}`])));
    expect(most).toBe(8);
    expect(ssh.runs).toHaveLength(31);
  });

  it('reach the shell there as one word each, whatever is in them', async () => {
    const ssh = runner();
    await new SshRunner(ssh, host).run(['printf', '%s', "it's", '$(id) `id` $HOME; rm *', '', 'a\nb', '~']);
    expect(remote(ssh).at(-1)).toBe("printf %s 'it'\\''s' '$(id) `id` $HOME; rm *' '' 'a\nb' '~'");
  });

  it('get folder, variables and time limit by programs of the host, and no variable of this machine', async () => {
    const ssh = runner();
    const options = { cwd: '/tmp', env: { A: 'x y', PROXY: undefined }, timeoutMs: 60_000, input: 'text' };
    await new SshRunner(ssh, host).asRoot().run(['kubeadm', 'init'], options);
    expect(remote(ssh).at(-1)).toBe("sudo -n -- timeout -k 5 60 env -C /tmp -u PROXY 'A=x y' kubeadm init");
    expect(ssh.runs.at(-1)).toMatchObject({ input: 'text' });
    expect(ssh.runs.at(-1)).not.toHaveProperty('cwd');
    expect(ssh.runs.at(-1)).not.toHaveProperty('env');
  });

  it('that end with another code than expected say on which host', async () => {
    const ssh = runner().when(/kubeadm/, { exitCode: 1, stderr: 'no such thing' });
    await expect(new SshRunner(ssh, host).run(['kubeadm', 'init'])).rejects.toMatchObject({
      message: expect.stringMatching(
        /^ssh root@10\.0\.0\.7 kubeadm init\nexited with code 1\n.*no such thing/s,
      ),
    });
    expect((await new SshRunner(ssh, host).run(['kubeadm'], { expect: [0, 1] })).exitCode).toBe(1);
  });
});

describe('a host that ssh does not get into', () => {
  const failing = (stderr: string) =>
    new SshRunner(runner().when(['ssh'], { exitCode: 255, stderr }), host)
      .run(['hostname'])
      .catch((error: unknown) => error);

  it('is named with the command that takes its new key in, when its key has changed', async () => {
    const error = await failing(
      [
        '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @',
        'Offending ED25519 key in /work space/known_hosts:3',
        'Host key for 10.0.0.7 has changed and you have requested strict checking.',
        'Host key verification failed.',
      ].join('\n'),
    );
    expect(error).toMatchObject({
      name: 'SshError',
      message: expect.stringContaining(
        'root@10.0.0.7: its host key is not the one that is known (/work space/known_hosts, line 3)',
      ),
      hint: expect.stringContaining("ssh-keygen -R 10.0.0.7 -f '/work space/known_hosts'"),
    });
  });

  it.each([
    [
      'No ED25519 host key is known for 10.0.0.7\nHost key verification failed.',
      'its host key is not known',
      'ssh-keyscan -t ed25519 10.0.0.7',
    ],
    ['root@10.0.0.7: Permission denied (publickey).', 'does not let us in', 'BatchMode=yes'],
    ['ssh: connect to host 10.0.0.7 port 22: Connection timed out', 'Connection timed out', 'ssh -v'],
    ['', 'the connection was lost', 'ssh -v'],
  ])('says why: %s', async (stderr, message, hint) => {
    expect(await failing(stderr)).toMatchObject({
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });

  it('is tried again by the next program', async () => {
    const ssh = runner().when(['ssh'], { exitCode: 255 }, {});
    const there = new SshRunner(ssh, host);
    await expect(there.run(['a'])).rejects.toThrow('lost');
    await there.run(['a']);
    expect(remote(ssh)).toEqual(['true', 'true', 'a']);
  });
});
