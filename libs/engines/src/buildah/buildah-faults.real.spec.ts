import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listProcesses, ProcessRunner, type Runner } from '@berth/exec';
import { PodmanEngine } from '../podman/podman-engine';
import type { BuildRequest } from '../request';
import { faultyBuild } from '../testing-faults';
import { testProgram } from '../testing-program';
import { storedManifest, unasked } from '../testing-registry';
import { BuildahEngine } from './buildah-engine';
import { TestStore } from './testing-store';

jest.setTimeout(60_000);

const engines = [
  { name: 'podman', Engine: PodmanEngine, list: ['podman', 'ps', '--all', '--external', '--quiet'] },
  { name: 'buildah', Engine: BuildahEngine, list: ['buildah', 'containers', '--all', '--quiet'] },
];

describe.each(engines)('$name', ({ name, Engine, list }) => {
  let context: string;
  let store: TestStore;
  let engine: InstanceType<typeof Engine>;
  const build = async (dockerfile: string, options: Partial<BuildRequest> = {}) =>
    engine.build({ ...(await faultyBuild(context, dockerfile)), ...options });

  const containers = async () => (await store.runner.run(list)).stdout.trim();

  beforeAll(async () => {
    context = await mkdtemp(join(tmpdir(), 'berth-faults-'));
    await testProgram(context, new ProcessRunner());
    store = await TestStore.make(48);
    engine = new Engine(store.runner, process.env);
  });
  afterAll(async () => {
    await store.remove();
    await rm(context, { recursive: true, force: true });
  });
  // Nothing that a fault cuts short may be left.
  afterEach(async () => {
    expect(await containers()).toBe('');
    expect(await store.mounts()).toEqual([]);
  });

  it('is not there', async () => {
    const missing = new Engine(new ProcessRunner({ env: { PATH: context } }), process.env);
    await expect(missing.check()).rejects.toMatchObject({
      message: expect.stringContaining(`${name} is not installed`),
      hint: `apt-get install -y --no-install-recommends ${name}`,
    });
  });

  it('is not for this user', async () => {
    await chmod(context, 0o755);
    const runner = new ProcessRunner({ env: { HOME: context, XDG_RUNTIME_DIR: undefined } });
    const argv = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const asNobody = new Engine(
      { run: (command, options) => runner.run([...argv, ...command], options) },
      process.env,
    );
    await expect(asNobody.check()).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(`${name} cannot open its store of images`),
      hint: expect.stringMatching(/usermod --add-subuids|whose the folders/),
    });
  });

  it('has no space left, says whose disk to look at, and builds once there is some', async () => {
    await writeFile(join(context, 'big'), Buffer.alloc(32 << 20, 'x'));
    await expect(build('FROM scratch\nCOPY big /1\nCOPY big /2\n')).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('no space left on device'),
      hint: expect.stringMatching(new RegExp(`disk of ${name}'s images is full`)),
    });
    await rm(join(context, 'big'));
    await store.runner.run([name, 'rmi', '--all', '--force']);
    await expect(build('FROM scratch\nCOPY main.go /\n')).resolves.toBeUndefined();
  });

  it('pushes to a registry that is down', async () => {
    await build('FROM scratch\nCOPY main.go /\n');
    // Nothing listens at port 9 (discard) of this machine.
    await store.runner.run([name, 'tag', 'localhost:5000/berth-test/faults:1', 'localhost:9/faults:1']);
    await expect(engine.push('localhost:9/faults:1', { registry: unasked })).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(new RegExp(`${name} push [^]*localhost:9[^]*refused`)),
      hint: expect.stringContaining('npm start'),
    });
  });

  it('speaks plain http to a registry elsewhere only when that is allowed', async () => {
    // A name for this machine that is not known for one.
    const hosts = join(context, 'hosts');
    await writeFile(hosts, '127.0.0.1 registry.test\n');
    const script = ['sh', '-c', 'mount --bind "$0" /etc/hosts && exec "$@"', hosts];
    const named: Runner = {
      run: (argv, options) => store.runner.run(['unshare', '--mount', ...script, ...argv], options),
    };
    const reference = 'registry.test:5000/berth-test/faults:1';
    const wary = new Engine(named, process.env);
    const trusting = new Engine(named, process.env, ['registry.test:5000']);
    for (const platforms of [[], ['linux/amd64', 'linux/arm64']]) {
      await build('FROM scratch\nCOPY main.go /\n', { reference, platforms });
      await expect(wary.push(reference, { registry: unasked })).rejects.toMatchObject({
        message: expect.stringContaining('server gave HTTP response to HTTPS client'),
        hint: expect.stringContaining('"insecureRegistries" of @berth/nx in nx.json'),
      });
      const { digest } = await trusting.push(reference, { registry: unasked });
      expect((await storedManifest('localhost:5000/berth-test/faults:1'))?.digest).toBe(digest);
      await store.runner.run([name, 'rmi', '--all', '--force']);
    }
  });

  it('is interrupted in the middle of a step, and leaves no program of it running', async () => {
    const interruption = new AbortController();
    // A name that no other test's program has.
    const mark = `wait-${process.pid}-${name}`;
    const building = build(`FROM scratch\nCOPY program /program\nRUN ["/program", "${mark}"]\n`, {
      signal: interruption.signal,
      onLine: (line) => line === 'ready' && interruption.abort(),
    });
    await expect(building).rejects.toMatchObject({ failure: { kind: 'aborted' } });
    const left = listProcesses().filter(({ argv }) => argv.includes(mark) && argv[0] === '/program');
    expect(left).toEqual([]);
  });

  it('is interrupted between the steps', async () => {
    const interruption = new AbortController();
    const building = build(
      `FROM scratch\n${Array.from({ length: 20 }, (_, index) => `COPY main.go /${index}`).join('\n')}\n`,
      {
        signal: interruption.signal,
        onLine: (line) => line.startsWith('STEP 3/') && interruption.abort(),
      },
    );
    await expect(building).rejects.toMatchObject({ failure: { kind: 'aborted' } });
  });
});

describe('a container of podman', () => {
  it('goes when the work that it was for is interrupted', async () => {
    const store = await TestStore.make();
    const context = await mkdtemp(join(tmpdir(), 'berth-faults-'));
    try {
      await testProgram(context, new ProcessRunner());
      await writeFile(join(context, 'Dockerfile'), 'FROM scratch\nCOPY program /program\n');
      const engine = new PodmanEngine(store.runner, process.env);
      const reference = 'localhost:5000/berth-test/faults:1';
      const dockerfile = join(context, 'Dockerfile');
      await engine.build({ reference, context, dockerfile, args: {}, platforms: [], labels: {} });
      const interruption = new AbortController();
      const running = engine.runToEnd(reference, {
        command: ['/program', 'wait'],
        signal: interruption.signal,
        onLine: (line) => line === 'ready' && interruption.abort(),
      });
      await expect(running).rejects.toMatchObject({ failure: { kind: 'aborted' } });
      expect((await store.runner.run(['podman', 'ps', '--all', '--quiet'])).stdout).toBe('');
      expect(await store.mounts()).toEqual([]);
    } finally {
      await store.remove();
      await rm(context, { recursive: true, force: true });
    }
  });
});
