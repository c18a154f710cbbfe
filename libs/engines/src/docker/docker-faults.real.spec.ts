import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ProcessRunner } from '@berth/exec';
import { faultyBuild } from '../testing-faults';
import { unasked } from '../testing-registry';
import { DockerEngine } from './docker-engine';

jest.setTimeout(60_000);

/** A dockerd of the test's own, on a disk of 24 MB; the machine's is left alone. */
class OwnDaemon {
  readonly folder = mkdtempSync(join(tmpdir(), 'berth-docker-faults-'));
  readonly host = `unix://${join(this.folder, 'docker.sock')}`;
  readonly runner = new ProcessRunner({ env: { DOCKER_HOST: this.host, DOCKER_CONFIG: this.folder } });
  readonly engine = new DockerEngine(this.runner);
  private readonly disk = join(this.folder, 'disk');
  private readonly pidFile = join(this.folder, 'pid');
  private failure: unknown;
  private ended: Promise<unknown> = Promise.resolve();

  async mount(): Promise<void> {
    mkdirSync(this.disk);
    await this.runner.run(['mount', '-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', this.disk]);
    writeFileSync(join(this.folder, 'daemon.json'), '{}');
  }

  async start(): Promise<void> {
    const at = (name: string) => join(this.folder, name);
    const argv = [
      // In a network of its own: a daemon without a bridge takes the machine's docker0 away.
      ...['unshare', '--net', '--', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'],
      ...['dockerd', '--config-file', at('daemon.json'), '--data-root', join(this.disk, 'data')],
      ...['--exec-root', at('exec'), '--pidfile', this.pidFile, '--host', this.host],
      ...['--containerd', '/run/berth/containerd/containerd.sock', '--storage-driver', 'vfs'],
      ...[
        '--containerd-namespace',
        'berth-test-faults',
        '--containerd-plugins-namespace',
        'berth-test-faults-plugins',
      ],
      ...['--bridge', 'none', '--iptables=false', '--ip-forward=false'],
    ];
    this.failure = undefined;
    this.ended = this.runner.run(argv).catch((error: unknown) => (this.failure = error));
    const limit = Date.now() + 20_000;
    while (
      !(await this.engine.check().then(
        () => true,
        () => false,
      ))
    ) {
      if (this.failure || Date.now() > limit)
        throw new Error(`the dockerd of this test did not start: ${String(this.failure)}`);
      await delay(50);
    }
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (existsSync(this.pidFile)) process.kill(Number(readFileSync(this.pidFile, 'utf8')), signal);
    await this.ended;
    rmSync(this.pidFile, { force: true });
  }

  async remove(): Promise<void> {
    await this.end('SIGTERM');
    await this.runner.run(['umount', '--recursive', this.disk]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const errorOf = (run: Promise<unknown>) =>
  run.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('an image engine that fails', () => {
  const daemon = new OwnDaemon();
  let context: string;
  const build = async (dockerfile: string, onLine?: (line: string) => void) =>
    daemon.engine.build({ ...(await faultyBuild(context, dockerfile)), ...(onLine && { onLine }) });

  beforeAll(async () => {
    context = join(daemon.folder, 'context');
    mkdirSync(context);
    writeFileSync(join(context, 'note'), 'text');
    await daemon.mount();
    await daemon.start();
  });
  afterAll(() => daemon.remove());

  it('has no daemon, or one that has left its socket behind', async () => {
    const path = join(daemon.folder, 'stale.sock');
    const engine = new DockerEngine(new ProcessRunner({ env: { DOCKER_HOST: `unix://${path}` } }));
    const told = {
      name: 'UserError',
      message: expect.stringMatching(new RegExp(`daemon does not answer: .*unix://${path}`)),
      hint: expect.stringContaining('npm start'),
    };
    await expect(engine.check()).rejects.toMatchObject(told);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    renameSync(path, `${path}.kept`);
    await new Promise((resolve) => server.close(resolve));
    renameSync(`${path}.kept`, path);
    await expect(engine.check()).rejects.toMatchObject(told);
  });

  it('has no client', async () => {
    const engine = new DockerEngine(new ProcessRunner({ env: { PATH: daemon.folder } }));
    await expect(engine.check()).rejects.toMatchObject({
      message: expect.stringContaining('docker is not installed'),
      hint: expect.stringContaining('apt-get install -y --no-install-recommends docker.io'),
    });
  });

  it('is not for this user', async () => {
    chmodSync(daemon.folder, 0o755);
    const argv = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const asNobody = new DockerEngine({
      run: (command, options) => daemon.runner.run([...argv, ...command], options),
    });
    chmodSync(join(daemon.folder, 'docker.sock'), 0o600);
    await expect(asNobody.check()).rejects.toMatchObject({
      message: expect.stringMatching(/permission denied/i),
      hint: expect.stringContaining('usermod -aG docker'),
    });
  });

  it('has no space left, says whose disk to look at, and builds once there is some', async () => {
    const big = join(context, 'big');
    writeFileSync(big, Buffer.alloc(16 << 20, 'x'));
    const error = await errorOf(build('FROM scratch\nCOPY big /1\nCOPY big /2\n'));
    expect(error).toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('no space left on device'),
      hint: expect.stringMatching(/df -h .*DockerRootDir[\s\S]*docker system df/),
    });
    rmSync(big);
    await expect(build('FROM scratch\nCOPY note /note\n')).resolves.toBeUndefined();
  });

  it('dies in the middle of a build, and the same build goes through when it is back', async () => {
    const dockerfile = `FROM scratch\n${Array.from({ length: 3 }, (_, index) => `LABEL l${index}=${index}`).join('\n')}\n`;
    let killed: Promise<void> | undefined;
    const error = await errorOf(
      build(dockerfile, (line) => {
        if (line.startsWith('Step 2/')) killed ??= daemon.end('SIGKILL');
      }),
    );
    expect(killed).toBeDefined();
    await killed;
    expect(error).toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('docker build --tag localhost:5000/berth-test/faults:1'),
      hint: expect.stringContaining('then run the same command again'),
    });
    await daemon.start();
    await expect(build(dockerfile)).resolves.toBeUndefined();
  });

  it('pushes to a registry that is down', async () => {
    await build('FROM scratch\nCOPY note /note\n');
    // Nothing listens at port 9 (discard) of this machine.
    await daemon.runner.run(['docker', 'tag', 'localhost:5000/berth-test/faults:1', 'localhost:9/faults:1']);
    await expect(daemon.engine.push('localhost:9/faults:1', { registry: unasked })).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/docker push localhost:9\/faults:1[\s\S]*refused/),
      hint: expect.stringContaining('npm start'),
    });
  });
});
