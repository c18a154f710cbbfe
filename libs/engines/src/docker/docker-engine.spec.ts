import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProgramError, RecordingRunner } from '@berth/exec';
import { unasked } from '../testing-registry';
import { DockerEngine } from './docker-engine';

const request = {
  reference: 'localhost:5000/berth/web:1',
  context: '/w/apps/web',
  dockerfile: '/w/apps/web/Dockerfile',
  args: { B: '2', A: '1' },
  platforms: [],
  labels: { l: 'v' },
};

const platforms = ['linux/amd64', 'linux/arm64'];

describe('DockerEngine', () => {
  let runner: RecordingRunner;
  let engine: DockerEngine;
  beforeEach(() => {
    runner = new RecordingRunner();
    engine = new DockerEngine(runner);
  });
  const inDockerd = (store = '[]') =>
    runner
      .when(['docker', 'buildx', 'inspect'], { stdout: 'Name:   default\nDriver: docker\n' })
      .when(['docker', 'info'], { stdout: `${store}\n` });
  const withoutBuildx = () => runner.when(['docker', 'buildx'], { exitCode: 1 });

  it('builds by the builder in dockerd when the client has no buildx', async () => {
    withoutBuildx();
    await engine.build(request);
    expect(runner.lines.at(-1)).toBe(
      'docker build --tag localhost:5000/berth/web:1 --file /w/apps/web/Dockerfile ' +
        '--build-arg A=1 --build-arg B=2 --label l=v --force-rm /w/apps/web',
    );
    expect(runner.runs.at(-1)?.env).toEqual({ DOCKER_BUILDKIT: '0' });
  });

  it('builds by the BuildKit in dockerd where there is buildx, with a fixed date, and asks for buildx once', async () => {
    inDockerd('[["driver-type","io.containerd.snapshotter.v1"]]');
    await engine.build(request);
    await engine.build({ ...request, platforms });
    expect(runner.lines.filter((line) => line === 'docker buildx inspect')).toHaveLength(1);
    const builds = runner.runs.filter(({ argv }) => argv[1] === 'build');
    expect(builds[0]?.argv).toContain('SOURCE_DATE_EPOCH=315532800');
    expect(builds[0]?.env).toEqual({ DOCKER_BUILDKIT: '1', BUILDX_GIT_INFO: '0' });
    expect(builds[1]?.argv).toEqual(expect.arrayContaining(['--platform', platforms.join(',')]));
  });

  it('asks docker for nothing that its files say, and for its store only where it has to have indexes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'berth-docker-'));
    writeFileSync(join(folder, 'docker-buildx'), '', { mode: 0o755 });
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ cliPluginsExtraDirs: [folder] }));
    inDockerd('[["driver-type","io.containerd.snapshotter.v1"]]');
    engine = new DockerEngine(runner, undefined, { DOCKER_CONFIG: folder });
    try {
      await engine.check();
      await engine.build(request);
      expect(runner.runs.map(({ argv }) => argv[1])).toEqual(['version', 'build']);
      await engine.build({ ...request, platforms });
      await engine.build({ ...request, platforms });
      expect(runner.runs.map(({ argv }) => argv[1]).slice(2)).toEqual(['info', 'build', 'build']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([{ platforms }, { platforms: [], cache: 'r/cache' }])(
    'refuses what the BuildKit in dockerd cannot without its containerd image store: %j',
    async (settings) => {
      inDockerd();
      await expect(engine.check(settings)).rejects.toMatchObject({
        name: 'UserError',
        hint: expect.stringContaining('docker buildx create --use'),
      });
      expect(runner.lines.some((line) => line.startsWith('docker build '))).toBe(false);
    },
  );

  it('refuses several platforms without BuildKit, before anything is built', async () => {
    withoutBuildx();
    await expect(engine.build({ ...request, platforms })).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('linux/amd64, linux/arm64'),
    });
    expect(runner.lines.some((line) => line.startsWith('docker build '))).toBe(false);
  });

  describe('pushes', () => {
    const digest = `sha256:${'c'.repeat(64)}`;
    const blob = (digit: string, size: number) => ({ digest: `sha256:${digit.repeat(64)}`, size });
    const [config, first, second] = [blob('1', 10), blob('2', 100), blob('3', 1000)];
    const content = [{ config, layers: [first, second] }];
    const registry = {
      ...unasked,
      contentOf: async (reference: string) => (reference.endsWith(digest) ? content : []),
    };
    const pushing = (...lines: string[]) => {
      const contents = ['a', 'b'].map((digit) => `sha256:${digit.repeat(64)}`);
      const stdout = `1000\n${[config.digest, ...contents].join(' ')}\n`;
      runner.when(['docker', 'image', 'inspect'], { stdout });
      runner.when(['docker', 'push'], {
        stdout: `${[...lines, `1: digest: ${digest} size: 528`].join('\n')}\n`,
      });
    };

    it('and asks for it once, also for whom it runs as, until it is built anew', async () => {
      pushing();
      inDockerd();
      const inspections = () => runner.lines.filter((line) => line.startsWith('docker image inspect'));
      expect(await engine.user(request.reference)).toBe('1000');
      await engine.push(request.reference, { registry });
      expect(inspections()).toHaveLength(1);
      await engine.build(request);
      await engine.user(request.reference);
      expect(inspections()).toHaveLength(2);
    });

    it('and reads the digest from the last line', async () => {
      pushing('The push refers to repository [localhost:5000/berth/web]', 'aaaaaaaaaaaa: Pushed');
      expect(await engine.push(request.reference, { registry: unasked })).toEqual({ digest, bytes: 0 });
    });

    it('and counts the layers that were sent, by the digits before or after they are compressed', async () => {
      pushing('aaaaaaaaaaaa: Preparing', 'bbbbbbbbbbbb: Layer already exists', 'aaaaaaaaaaaa: Pushed');
      expect(await engine.push(request.reference, { registry })).toEqual({ digest, bytes: 110 });
      pushing('222222222222: Mounted from x', '333333333333: Pushed');
      expect(await engine.push(request.reference, { registry })).toEqual({ digest, bytes: 1010 });
    });

    it('and does not count a configuration that the registry had', async () => {
      pushing('aaaaaaaaaaaa: Layer already exists');
      const asked: string[][] = [];
      const hasBlob = async (...question: string[]) => asked.push(question) > 0;
      expect(await engine.push(request.reference, { registry: { ...registry, hasBlob } })).toEqual({
        digest,
        bytes: 0,
      });
      expect(asked).toEqual([[request.reference, config.digest]]);
    });
  });

  it('counts no configuration of a manifest that the registry had: the id of the containerd image store is that of one', async () => {
    const digest = `sha256:${'c'.repeat(64)}`;
    const config = { digest: `sha256:${'1'.repeat(64)}`, size: 692 };
    const contents = ['d', 'e'].map((digit) => `sha256:${digit.repeat(64)}`);
    // As Docker 29.8 answers, with shorter digests.
    runner.when(['docker', 'image', 'inspect'], { stdout: `\n${[digest, ...contents].join(' ')}\n` });
    const lines = ['dddddddddddd: Layer already exists', `1: digest: ${digest} size: 755`];
    runner.when(['docker', 'push'], { stdout: `${lines.join('\n')}\n` });
    const registry = { ...unasked, contentOf: async () => [{ config, layers: [] }] };
    expect(await engine.push(request.reference, { registry })).toEqual({ digest, bytes: 0 });
  });

  it('says how to start the daemon when it does not answer', async () => {
    runner.when(['docker', 'version'], { exitCode: 1, stderr: 'Cannot connect to the Docker daemon\n' });
    await expect(engine.check()).rejects.toMatchObject({
      message: "Docker's daemon does not answer: Cannot connect to the Docker daemon",
      hint: expect.stringContaining('npm start'),
    });
  });

  it('says what is wrong with the chosen builder where there is buildx', async () => {
    runner.when(['docker', 'buildx', 'inspect'], { exitCode: 1, stderr: 'no builder "gone" found' });
    await expect(engine.check()).resolves.toBeUndefined();
    await expect(engine.build(request)).rejects.toThrow('no builder "gone" found');
  });

  it('refuses a build cache without BuildKit', async () => {
    withoutBuildx();
    await expect(engine.check({ platforms: [], cache: 'r/cache' })).rejects.toMatchObject({
      message: expect.stringContaining('r/cache'),
      hint: expect.stringContaining('buildCache'),
    });
  });

  it('keeps the layers of each image under its name with BuildKit', async () => {
    inDockerd('[["driver-type","io.containerd.snapshotter.v1"]]');
    await engine.build({ ...request, cache: 'r/cache' });
    expect(runner.lines.at(-1)).toContain(
      '--cache-from type=registry,ref=r/cache:web --cache-to type=registry,ref=r/cache:web,mode=max',
    );
  });

  it('says how to install a client that is not there', async () => {
    const completed = { argv: ['docker', 'version'], exitCode: -1, stdout: '', stderr: '' };
    runner.when(['docker'], new ProgramError(completed, { kind: 'not-found' }));
    await expect(engine.check()).rejects.toMatchObject({ hint: expect.stringContaining('docker.io') });
  });

  it.each([
    ['push', 'Get "http://r/v2/": dial tcp: lookup r: no such host', 'getent hosts'],
    ['push', 'unauthorized: authentication required', 'docker login'],
    ['push', 'dial tcp 127.0.0.1:1: connect: connection refused', 'npm start'],
    [
      'push',
      'error parsing HTTP 403 response body: no error details found in HTTP response body: "{}"',
      'push there',
    ],
    ['push', 'received unexpected HTTP status: 500 Internal Server Error', 'disk is full'],
    ['build', 'error during connect: Post "http://d/build": EOF', 'docker info'],
    ['build', 'write /x: no space left on device', 'docker system df'],
  ])('says what to type when a %s fails for: %s', async (command, stderr, hint) => {
    withoutBuildx();
    runner.when(['docker', command], { exitCode: 1, stderr: `${stderr}\n` });
    const failing =
      command === 'push' ? engine.push(request.reference, { registry: unasked }) : engine.build(request);
    await expect(failing).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(stderr),
      hint: expect.stringContaining(hint),
    });
  });

  it('takes what a program of the Dockerfile says of connections for its own', async () => {
    withoutBuildx();
    const stderr = "connection refused\nThe command '/bin/sh' returned a non-zero code: 1\n";
    runner.when(['docker', 'build'], { exitCode: 1, stderr });
    await expect(engine.build(request)).rejects.toMatchObject({ name: 'ProgramError', hint: undefined });
  });

  it('starts a container as Kubernetes would: read-only, without capabilities, as its user', async () => {
    runner.when(['docker', 'run'], { stdout: 'abc\n' });
    runner.when(['docker', 'inspect'], { stdout: '172.17.0.2\n\n' });
    const container = await engine.start('i', {
      env: { A: 'b c' },
      user: '1000:1000',
      readOnly: true,
      restricted: true,
      writable: ['/tmp'],
      command: ['/bin/x', 'y'],
    });
    expect(runner.lines[0]).toBe(
      "docker run --detach --env 'A=b c' --user 1000:1000 --read-only --cap-drop ALL " +
        '--security-opt no-new-privileges --tmpfs /tmp:rw,exec,mode=1777 --entrypoint /bin/x i y',
    );
    expect(container.id).toBe('abc');
    expect(await container.endpoint(8080)).toEqual({ host: '172.17.0.2', port: 8080 });
  });

  it('leaves no container behind when its address cannot be read', async () => {
    runner.when(['docker', 'run'], { stdout: 'abc\n' });
    runner.when(['docker', 'inspect'], { exitCode: 1 });
    await expect(engine.start('i', {})).rejects.toThrow();
    expect(runner.lines.at(-1)).toBe('docker rm --force --volumes abc');
  });

  it('writes mounts so that a comma in a path stays in the path', async () => {
    await engine.runToEnd('i', {
      command: ['make'],
      mounts: [
        { source: '/a,b', target: '/w' },
        { source: '/c', target: '/d', readOnly: true },
      ],
    });
    const { argv } = runner.runs[0] ?? { argv: [] };
    expect(argv.filter((_, index) => argv[index - 1] === '--mount')).toEqual([
      'type=bind,"source=/a,b",target=/w',
      'type=bind,source=/c,target=/d,readonly',
    ]);
  });

  it("gives a container's exit code, and takes docker's own failure for no exit code", async () => {
    runner.when(['docker', 'run'], { exitCode: 3 }, { exitCode: 125, stderr: 'no such image' });
    expect(await engine.runToEnd('i', { command: ['make'] })).toBe(3);
    await expect(engine.runToEnd('i', { command: ['make'] })).rejects.toThrow('no such image');
  });
});
