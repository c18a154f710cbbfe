import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProgramError, RecordingRunner } from '@berth/exec';
import { PodmanEngine } from '../podman/podman-engine';
import { unasked } from '../testing-registry';
import { BuildahEngine } from './buildah-engine';

const folder = mkdtempSync(join(tmpdir(), 'buildah-engine-'));
const dockerfile = join(folder, 'Dockerfile');
const request = {
  reference: 'registry.example.com/berth/web:1',
  context: '/w/apps/web',
  dockerfile,
  args: { B: '2', A: '1' },
  platforms: [],
  labels: { l: 'v' },
};
const platforms = ['linux/amd64', 'linux/arm64'];
const digest = `sha256:${'c'.repeat(64)}`;

beforeEach(() => writeFileSync(dockerfile, 'FROM scratch\n'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each([
  { name: 'podman', Engine: PodmanEngine },
  { name: 'buildah', Engine: BuildahEngine },
])('$name', ({ name, Engine }) => {
  let runner: RecordingRunner;
  let engine: InstanceType<typeof Engine>;
  beforeEach(() => {
    runner = new RecordingRunner();
    engine = new Engine(runner, {});
  });
  const built = () => runner.lines.find((line) => line.startsWith(`${name} build `));

  it('builds with a fixed date, and with the network of this machine', async () => {
    await engine.build(request);
    expect(built()).toBe(
      `${name} build --tag registry.example.com/berth/web:1 --file ${dockerfile} ` +
        '--build-arg A=1 --build-arg B=2 --label l=v --format oci --timestamp 315532800 ' +
        '--identity-label=false --layers=true --pull=false --network host --force-rm /w/apps/web',
    );
  });

  it('builds in the format that has SHELL when the Dockerfile has it', async () => {
    writeFileSync(dockerfile, 'FROM scratch\nSHELL ["/bin/bash", "-c"]\n');
    await engine.build(request);
    expect(built()).toContain('--format docker');
  });

  it.each([
    ['FROM localhost:5000/base@DIGEST', {}],
    ['ARG BASE\nFROM golang:1 AS made\nfrom --platform=linux/arm64 ${BASE} AS last', { BASE: 'base@DIGEST' }],
    ['ARG BASE\nFROM golang@sha256:1\nFROM $BASE', { BASE: 'base@DIGEST' }],
  ])('notes the digest by which the base is named: %j', async (text, args) => {
    const named = (each: string) => each.replace('DIGEST', digest);
    writeFileSync(dockerfile, `${named(text)}\nCOPY . /\n`);
    await engine.build({
      ...request,
      args: Object.fromEntries(Object.entries(args).map(([key, value]) => [key, named(value)])),
    });
    expect(built()).toContain(` --annotation org.opencontainers.image.base.digest=${digest} `);
  });

  it.each(['FROM base:1', `FROM base@${digest} AS first\nFROM first`, 'FROM $NOT_GIVEN', 'FROM scratch'])(
    'notes none for %j',
    async (text) => {
      writeFileSync(dockerfile, `${text}\n`);
      await engine.build(request);
      expect(built()).not.toContain('--annotation');
    },
  );

  const firstName = (stdout: string) =>
    runner.when((argv) => argv.includes('ls') || argv.includes('inspect'), { stdout: `${stdout}\n` });
  const pulled = () => runner.lines.filter((line) => line.startsWith(`${name} pull `));

  it.each([
    ['is not there', ''],
    ['has another name first', `registry.example.com/base:1 docker.io/library/base@${digest}`],
  ])('pulls a base by its digest that %s, for the platform of the image', async (_, names) => {
    firstName(names);
    writeFileSync(dockerfile, `FROM base:1@${digest}\n`);
    await engine.build({ ...request, platforms: ['linux/arm64'] });
    expect(pulled()).toEqual([expect.stringMatching(`--platform linux/arm64 base:1@${digest}$`)]);
    expect(runner.lines.indexOf(pulled()[0]!)).toBeLessThan(runner.lines.indexOf(built()!));
  });

  it.each([`FROM base@${digest}`, 'FROM base:1'])('does not pull the base of: %s', async (text) => {
    firstName(`docker.io/library/base@${digest}`);
    writeFileSync(dockerfile, `${text}\n`);
    await engine.build(request);
    expect(pulled()).toEqual([]);
  });

  it('builds on a base that is there when it cannot be pulled', async () => {
    writeFileSync(dockerfile, `FROM base@${digest}\n`);
    runner.when([name, 'pull'], { exitCode: 125, stderr: 'no such host\n' });
    await expect(engine.build(request)).rejects.toMatchObject({
      hint: expect.stringContaining('getent hosts'),
    });
    firstName('docker.io/library/base:1');
    await engine.build(request);
    expect(built()).toBeDefined();
  });

  it('keeps no layers of one platform for another, and so refuses a build cache with them', async () => {
    await engine.build({ ...request, platforms });
    expect(built()).toContain('--layers=false');
    const together = { platforms, cache: 'registry.example.com/berth/cache' };
    const told = { name: 'UserError', hint: expect.stringContaining('buildCache or platforms') };
    await expect(engine.check(together)).rejects.toMatchObject(told);
    runner.runs.length = 0;
    await expect(engine.build({ ...request, ...together })).rejects.toMatchObject(told);
    expect(runner.lines).toEqual([]);
  });

  it('shows why the push of an index failed that said nothing', async () => {
    runner.when(
      (argv) => argv.includes('push') && argv.includes('--digestfile'),
      (argv) => {
        writeFileSync(argv[argv.indexOf('--digestfile') + 1] ?? '', '');
        return {};
      },
    );
    runner.when((argv) => argv.includes('push') && !argv.includes('--digestfile'), {
      exitCode: 125,
      stderr: 'no such host',
    });
    await expect(engine.push(request.reference, { registry: unasked })).rejects.toMatchObject({
      hint: expect.stringContaining('getent hosts'),
    });
  });

  it('makes an index of several platforms, in place of one that is there', async () => {
    await engine.build({ ...request, platforms });
    expect(runner.lines).toContain(`${name} manifest rm registry.example.com/berth/web:1`);
    expect(built()).toContain('--manifest registry.example.com/berth/web:1 ');
    expect(built()).toContain('--platform linux/amd64,linux/arm64');
  });

  it('makes an image of one platform', async () => {
    await engine.build({ ...request, platforms: ['linux/arm64'] });
    expect(built()).toContain('--tag registry.example.com/berth/web:1 ');
    expect(built()).toContain('--platform linux/arm64');
  });

  it('takes and keeps layers in the repository for them', async () => {
    await engine.build({ ...request, cache: 'registry.example.com/berth/cache' });
    expect(built()).toContain(
      '--cache-from registry.example.com/berth/cache --cache-to registry.example.com/berth/cache',
    );
  });

  it.each([
    ['an image', 1, 'push'],
    ['an index', 0, 'manifest push --all'],
  ])('reads the digest of %s from the file that the push writes', async (_kind, exitCode, command) => {
    runner.when([name, 'manifest', 'exists'], { exitCode });
    runner.when(
      (argv) => argv.includes('--digestfile'),
      (argv) => {
        writeFileSync(argv[argv.indexOf('--digestfile') + 1] ?? '', digest);
        return {};
      },
    );
    expect(await engine.push(request.reference, { registry: unasked })).toEqual({ digest });
    expect(runner.lines.at(-1)).toMatch(new RegExp(`^${name} --log-level=debug ${command} --digestfile `));
  });

  it('counts what its log says was sent', async () => {
    const blob = (digit: string, size: number) => ({ digest: `sha256:${digit.repeat(64)}`, size });
    const image = { config: blob('1', 10), layers: [blob('2', 100), blob('3', 1000)] };
    const upload = (digit: string) =>
      `time="now" level=debug msg="Upload of layer sha256:${digit.repeat(64)} complete"\n`;
    runner.when([name, 'manifest', 'exists'], { exitCode: 1 });
    runner.when(
      (argv) => argv.includes('--digestfile'),
      (argv) => {
        writeFileSync(argv[argv.indexOf('--digestfile') + 1] ?? '', digest);
        return { stderr: upload('3') + upload('1') };
      },
    );
    const registry = { ...unasked, contentOf: async () => [image] };
    expect(await engine.push(request.reference, { registry })).toEqual({ digest, bytes: 1010 });
  });

  it('takes no push for done that wrote no digest', async () => {
    runner.when([name, 'manifest', 'exists'], { exitCode: 1 });
    runner.when(
      (argv) => argv.includes('--digestfile'),
      (argv) => {
        writeFileSync(argv[argv.indexOf('--digestfile') + 1] ?? '', '');
        return {};
      },
    );
    await expect(engine.push(request.reference, { registry: unasked })).rejects.toThrow('wrote no digest');
  });

  it('says how to install it when it is not there', async () => {
    const completed = { argv: [name, 'info'], exitCode: -1, stdout: '', stderr: '' };
    runner.when([name], new ProgramError(completed, { kind: 'not-found' }));
    await expect(engine.check()).rejects.toMatchObject({
      hint: `apt-get install -y --no-install-recommends ${name}`,
    });
  });

  it.each([
    ['dial tcp: lookup r: no such host', 'getent hosts'],
    ['unauthorized: authentication required', `${name} login`],
    ['dial tcp 127.0.0.1:1: connect: connection refused', 'npm start'],
    ['initiating layer upload to /v2/x in r: StatusCode: 429, {}', 'wait'],
    ['Patch "http://r/v2/x": write tcp 127.0.0.1:1->127.0.0.1:2: broken pipe', 'went away'],
    ['Patch "http://r/v2/x": EOF', 'went away'],
    ['write /x: no space left on device', 'images is full'],
    ['exec container process `/bin/sh`: Exec format error', 'qemu-user-static'],
    ['OCI runtime error: cgroups in hybrid mode not supported', 'BUILDAH_ISOLATION=chroot'],
    ['cannot find newuidmap: exec: "newuidmap": executable file not found', 'uidmap'],
  ])('says what to type when a build fails for: %s', async (stderr, hint) => {
    runner.when([name, 'build'], { exitCode: 125, stderr: `${stderr}\n` });
    await expect(engine.build(request)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(stderr),
      hint: expect.stringContaining(hint),
    });
  });

  it('takes what a program of the Dockerfile says of connections and rights for its own', async () => {
    const stderr =
      'connection refused\npermission denied\nError: building at STEP "RUN x": while running runtime: exit status 1\n';
    runner.when([name, 'build'], { exitCode: 1, stderr });
    await expect(engine.build(request)).rejects.toMatchObject({ name: 'ProgramError', hint: undefined });
  });
});

describe('containers of podman', () => {
  let runner: RecordingRunner;
  let engine: PodmanEngine;
  beforeEach(() => {
    runner = new RecordingRunner().when(['podman', 'run'], { stdout: 'abc\n' });
    engine = new PodmanEngine(runner, {});
  });

  it('start as Kubernetes would start them, with a network of their own that leads nowhere', async () => {
    const container = await engine.start('i', { readOnly: true, restricted: true, writable: ['/tmp'] });
    expect(container.id).toBe('abc');
    const [line = ''] = runner.lines;
    expect(line).toContain('--network none');
    expect(line).toContain('--read-only-tmpfs=false');
    expect(line).toContain('--cap-drop ALL --security-opt no-new-privileges');
    expect(line).toContain('--tmpfs /tmp:rw,exec,mode=1777,notmpcopyup i');
  });

  it('have the network of this machine when they compile, and none when they test', async () => {
    await engine.runToEnd('i', { command: ['make'] });
    await engine.runToEnd('i', { command: ['test'], restricted: true });
    expect(runner.lines[0]).toContain('--network host');
    expect(runner.lines[1]).toContain('--network none');
  });

  it('have no endpoint once they have ended', async () => {
    const container = await engine.start('i', {});
    runner.when(['podman', 'inspect'], { stdout: '0\n' });
    await expect(container.endpoint(80)).rejects.toThrow('has ended');
  });
});
